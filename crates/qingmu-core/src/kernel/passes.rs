//! The passes in order.

use super::detail::{Detail, Flagged};
use super::frame::Frame;
use super::records::passes;
use super::worker::{FileTotals, Shared, Worker};
use crate::scan::Progress;
use crate::views::Facts;
use crate::{CoreError, ScanOptions};
use qingmu_input::{ClaimsSource, Want};
use qingmu_model::{Project, QuantityError, Reject};

/// What the kernel hands to the scan.
pub(crate) struct Kernel {
    /// All but baselines, names and leases.
    pub(crate) facts: Facts,
    /// By index of the file.
    pub(crate) totals: Vec<FileTotals>,
    /// By file and row.
    pub(crate) rejects: Vec<Reject>,
}

/// Runs all passes on the current rayon pool.
///
/// # Errors
/// [`CoreError`] naming the file that cannot be read or whose totals leave the fixed-point range.
pub(crate) fn run(
    source: &ClaimsSource<'_>,
    project: &Project,
    options: &ScanOptions,
    progress: &dyn Progress,
) -> Result<Kernel, CoreError> {
    let limit = (options.memory_mib as u64).saturating_mul(1 << 20);
    let ranges = passes(source.rows, 1 + u64::from(source.has_accounts), limit);
    progress.total(source.rows.saturating_mul(ranges.len() as u64 + 1));
    let shared = Shared::default();
    let more_passes = ranges.len() > 1;
    let mut frame = None;
    let (mut file_totals, mut rejects) = (Vec::new(), Vec::new());
    for kept in ranges {
        let sums = frame.is_none();
        let workers = source.pass(
            project,
            Want::Sums,
            || Worker::new(&shared, sums, kept.clone()),
            |worker, file, batch| {
                progress.advance((batch.rows + batch.rejects.len()) as u64);
                worker.take(file, batch);
            },
        )?;
        let (mut claimants, mut accounts) = (Vec::new(), Vec::new());
        let mut found = vec![FileTotals::default(); source.files.len()];
        for mut worker in workers {
            worker.totals.iter().for_each(|(file, t)| found[*file].add(t));
            rejects.append(&mut worker.rejects);
            claimants.push(worker.claimants);
            accounts.push(worker.accounts);
        }
        if sums {
            in_range(source, &found)?;
            file_totals = found;
        }
        let frame = frame.get_or_insert_with(|| Frame::new(&shared, more_passes));
        frame.people.count(kept, claimants, accounts, &frame.places);
    }
    let frame = frame.unwrap_or_else(|| Frame::new(&shared, false));
    let (mut facts, flagged, singles) = frame.settle(shared);
    let lists = details(source, project, progress, &facts, &flagged)?.finish(singles);
    facts.claimant_villages = lists.claimants;
    facts.account_claimants = lists.accounts;
    facts.gaps = lists.gaps;
    rejects.sort_unstable();
    Ok(Kernel { facts, totals: file_totals, rejects })
}

/// The detail pass, its workers merged.
fn details<'a>(
    source: &ClaimsSource<'_>,
    project: &Project,
    progress: &dyn Progress,
    facts: &'a Facts,
    flagged: &'a Flagged,
) -> Result<Detail<'a>, CoreError> {
    let interest = |claimant: u128, account: u128, differs: bool| {
        differs || flagged.has_claimant(claimant) || flagged.has_account(account)
    };
    let workers = source.pass(
        project,
        Want::Texts(&interest),
        || Detail::new(facts, flagged),
        |detail, file, batch| {
            progress.advance((batch.rows + batch.rejects.len()) as u64);
            detail.take(file, &batch);
        },
    )?;
    let mut all = Detail::new(facts, flagged);
    for worker in workers {
        all.merge(worker);
    }
    match all.overflow {
        Some(file) => Err(total_error(source, file, "an area times its rate")),
        None => Ok(all),
    }
}

/// The first file at which the totals of all claims leave the range. As they do not, no sum inside does.
fn in_range(source: &ClaimsSource<'_>, totals: &[FileTotals]) -> Result<(), CoreError> {
    let mut all = FileTotals::default();
    for (file, totals) in totals.iter().enumerate() {
        all.add(totals);
        if !all.fits() {
            let area = all.area > i128::from(i64::MAX);
            let what = if area { "the sum of the claimed areas" } else { "the sum of the amounts" };
            return Err(total_error(source, file, what));
        }
    }
    Ok(())
}

fn total_error(source: &ClaimsSource<'_>, file: usize, what: &'static str) -> CoreError {
    let path = source.files[file].path.clone();
    CoreError::Total { path, source: QuantityError::Overflow(what) }
}
