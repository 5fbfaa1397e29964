//! The files of a run.

use crate::exit::{Exit, Failure};
use crate::files::{MANIFEST, RUN, RunFolder};
use crate::pipeline::{Judged, Prepared};
use qingmu_core::{Scan, sha256_file};
use qingmu_detect::Detection;
use qingmu_leads::{
    CoverageReport, LeadError, Manifest, Order, TableTotal, write_coverage, write_csv,
    write_data_errors, write_jsonl, write_manifest, write_parquet, write_rejects,
};
use qingmu_model::{Bilingual, Lead};
use qingmu_rules::Evaluation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// `run.json`: where the input and the rules lie, seen from the run's folder, so that `explain` finds them.
///
/// It is the only output that says where anything is, and apart for that reason: all others are the same on
/// every machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunPlace {
    /// Input folder.
    pub(crate) input: String,
    /// Rule folder; `None` for the built-in pack.
    pub(crate) rules: Option<String>,
    /// Year asked for.
    pub(crate) year: Option<i16>,
    /// Frozen model; `None` where the run learned its own.
    pub(crate) model: Option<String>,
    /// Leads in the order of money per day of inspection.
    #[serde(default)]
    pub(crate) by_priority: bool,
}

/// What a run says of itself beside its leads.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) coverage: CoverageReport,
    pub(crate) manifest: Manifest,
    /// Name of the region level that claims are booked on.
    pub(crate) lowest: Bilingual,
}

impl Accounts {
    /// From a scan and what the rules and their views covered.
    pub(crate) fn new(
        prepared: &Prepared,
        scan: &Scan,
        evaluation: &Evaluation,
        detection: Option<&Detection>,
        cap: f64,
    ) -> Result<Self, Failure> {
        let task = &prepared.task;
        let options = BTreeMap::from([
            ("max_rejects".to_owned(), format!("{cap}%")),
            (
                "project".to_owned(),
                prepared.project_digest.clone().unwrap_or_else(|| "default".to_owned()),
            ),
            (
                "rules".to_owned(),
                if task.rules.is_some() { "given" } else { "built-in" }.to_owned(),
            ),
            ("model".to_owned(), if task.model.is_some() { "given" } else { "learned" }.to_owned()),
            (
                // Version of what inspections taught; 0 before any did.
                "weights".to_owned(),
                detection
                    .and_then(|d| d.model.taught.as_ref())
                    .map_or(0, |t| t.weights.version)
                    .to_string(),
            ),
            (
                "order".to_owned(),
                if task.order == Order::Priority { "priority" } else { "score" }.to_owned(),
            ),
            ("year".to_owned(), task.year.map_or_else(|| "all".to_owned(), |y| y.to_string())),
        ]);
        let manifest = Manifest {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            options,
            currency: prepared.project.currency.clone(),
            inputs: scan.inputs.clone(),
            totals: TableTotal::of(&scan.inputs)?,
            rules: rule_digests(prepared),
            outputs: BTreeMap::new(),
        };
        let coverage = CoverageReport {
            input: scan.coverage.clone(),
            rules: evaluation.coverage.clone(),
            views: evaluation.views.clone(),
            detection: detection.and_then(|d| serde_json::to_value(&d.coverage).ok()),
        };
        let lowest = prepared.project.region.levels.last().map(|level| level.name.clone());
        Ok(Self { coverage, manifest, lowest: lowest.unwrap_or_default() })
    }
}

/// Rule file to digest.
pub(crate) fn rule_digests(prepared: &Prepared) -> BTreeMap<String, String> {
    prepared.pack.rules.iter().map(|r| (r.file.clone(), r.digest.clone())).collect()
}

/// Writes everything, manifest last; returns the names.
pub(crate) fn write(
    mut folder: RunFolder,
    prepared: &Prepared,
    scan: &Scan,
    (judged, detection): (&Judged, &Detection),
    mut accounts: Accounts,
    page: &str,
) -> Result<Vec<&'static str>, Failure> {
    let leads: &[Lead] = &judged.leads;
    let order = prepared.task.order;
    let model = detection.model.text()?;
    qingmu_leads::check_ids(leads)?;
    folder.stage("leads.jsonl", |out| write_jsonl(leads, out))?;
    folder.stage("leads.csv", |out| write_csv(leads, order, out))?;
    folder.stage("leads.parquet", |out| write_parquet(leads, order, out))?;
    folder.stage("leads.md", |out| out.write_all(page.as_bytes()))?;
    folder.stage("data_errors.csv", |out| write_data_errors(&detection.data_errors, out))?;
    folder.stage("clusters.json", |out| -> Result<(), LeadError> {
        serde_json::to_writer_pretty(out, &detection.clusters)
            .map_err(|source| LeadError::Json { output: "clusters.json", source })
    })?;
    folder.stage("model.json", |out| out.write_all(model.as_bytes()))?;
    folder.stage("coverage.json", |out| write_coverage(&accounts.coverage, out))?;
    folder.stage("rejects.csv", |out| write_rejects(&scan.rejects, out))?;
    for (name, path) in folder.staged() {
        accounts.manifest.outputs.insert(name.to_owned(), sha256_file(path)?);
    }
    let place = place(prepared, folder.dir());
    folder.stage(RUN, |out| -> Result<(), LeadError> {
        serde_json::to_writer_pretty(out, &place)
            .map_err(|source| LeadError::Json { output: RUN, source })
    })?;
    folder.stage(MANIFEST, |out| write_manifest(&accounts.manifest, out))?;
    folder.commit()
}

/// Too many rows were refused: says which and why, and writes no lead.
pub(crate) fn write_refusal(
    mut folder: RunFolder,
    scan: &Scan,
    accounts: &Accounts,
) -> Result<Vec<&'static str>, Failure> {
    folder.stage("coverage.json", |out| write_coverage(&accounts.coverage, out))?;
    folder.stage("rejects.csv", |out| write_rejects(&scan.rejects, out))?;
    folder.commit()
}

fn place(prepared: &Prepared, out: &Path) -> RunPlace {
    let seen = |path: &Path| relative(out, path);
    RunPlace {
        input: seen(&prepared.task.input),
        rules: prepared.task.rules.as_deref().map(seen),
        year: prepared.task.year,
        model: prepared.task.model.as_deref().map(seen),
        by_priority: prepared.task.order == Order::Priority,
    }
}

/// `to` as seen from the folder `from`, `/` as separator; as given where no way leads there.
fn relative(from: &Path, to: &Path) -> String {
    let as_given = || to.to_string_lossy().replace('\\', "/");
    let (Ok(from), Ok(to)) = (from.canonicalize(), to.canonicalize()) else { return as_given() };
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return as_given();
    }
    let mut path = PathBuf::new();
    for _ in shared..from.len() {
        path.push("..");
    }
    path.extend(&to[shared..]);
    if path.as_os_str().is_empty() {
        path.push(".");
    }
    path.to_string_lossy().replace('\\', "/")
}

/// Reads `run.json`.
pub(crate) fn read_place(run: &Path) -> Result<RunPlace, Failure> {
    let path = run.join(RUN);
    let bytes = std::fs::read(&path).map_err(|e| not_a_run(run, &e.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|e| not_a_run(&path, &e.to_string()))
}

/// A folder that no scan wrote, or that was changed since.
pub(crate) fn not_a_run(path: &Path, why: &str) -> Failure {
    let shown = path.display();
    Failure::new(
        Exit::Refused,
        format!("{shown}：不是完整的扫描结果（{why}）"),
        format!("{shown}: not the result of a whole scan ({why})"),
    )
    .remedy(
        "用 --run 指定 `qingmu scan --out` 写出的目录",
        "point --run to a folder that `qingmu scan --out` wrote",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_seen_from_the_run() -> std::io::Result<()> {
        let temp = tempfile::tempdir()?;
        let (input, out) = (temp.path().join("in"), temp.path().join("a/out"));
        std::fs::create_dir_all(&input)?;
        std::fs::create_dir_all(&out)?;
        assert_eq!(relative(&out, &input), "../../in");
        assert_eq!(relative(&out, &out), ".");
        assert_eq!(relative(temp.path(), &out), "a/out");
        assert_eq!(
            relative(&out, &temp.path().join("gone")),
            temp.path().join("gone").to_string_lossy()
        );
        Ok(())
    }
}
