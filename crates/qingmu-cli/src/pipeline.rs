//! The way of the data, from a folder to leads; every command that needs leads goes through here.

use crate::exit::{Exit, Failure};
use crate::progress::Bar;
use crate::ui::Ui;
use qingmu_core::{InputSet, Scan, ScanOptions, discover, load_project, scan, sha256_file};
use qingmu_detect::{Detection, ModelFile};
use qingmu_leads::{Assessed, LeadContext, Order};
use qingmu_model::{Lead, Project};
use qingmu_rules::{EvalOptions, Evaluation, Pack, PackSource, Status, evaluate, load_pack};
use std::path::{Path, PathBuf};

/// Name of the configuration in an input folder.
const PROJECT_FILE: &str = "qingmu.toml";

/// What a run is asked to do.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    /// Input folder.
    pub(crate) input: PathBuf,
    /// Rule folder; `None` for the built-in pack.
    pub(crate) rules: Option<PathBuf>,
    /// Only leads of this year.
    pub(crate) year: Option<i16>,
    /// Threads; 0 for all.
    pub(crate) threads: usize,
    /// Memory for the scan's hash partitions.
    pub(crate) memory_mib: usize,
    /// A frozen model; `None` to learn one from the input.
    pub(crate) model: Option<PathBuf>,
    /// Order of the lead files.
    pub(crate) order: Order,
}

/// Input and rules, found and checked; nothing is scanned yet.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) task: Task,
    pub(crate) input: InputSet,
    pub(crate) project: Project,
    /// Digest of `qingmu.toml`; `None` where the folder has none.
    pub(crate) project_digest: Option<String>,
    pub(crate) pack: Pack,
}

/// What the rules found in a scan.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) evaluation: Evaluation,
    pub(crate) leads: Vec<Lead>,
}

/// The rules of a folder, or the built-in ones.
pub(crate) fn pack(rules: Option<&Path>, project: &Project) -> Result<Pack, Failure> {
    let source = match rules {
        Some(dir) => PackSource::Dir(dir.to_owned()),
        None => PackSource::Builtin,
    };
    Ok(load_pack(&source, project)?)
}

impl Prepared {
    /// Finds the tables, the configuration and the rules.
    pub(crate) fn new(task: Task) -> Result<Self, Failure> {
        let input = discover(&task.input)?;
        let project = load_project(&task.input)?;
        let file = task.input.join(PROJECT_FILE);
        let project_digest = if file.exists() { Some(sha256_file(&file)?) } else { None };
        let pack = pack(task.rules.as_deref(), &project)?;
        Ok(Self { task, input, project, project_digest, pack })
    }

    /// Reads the tables once.
    pub(crate) fn scan(&self, ui: Ui) -> Result<Scan, Failure> {
        let options = ScanOptions { threads: self.task.threads, memory_mib: self.task.memory_mib };
        let mut found = scan(&self.input, &self.project, &options, &Bar::new(ui))?;
        found.read_registers(&self.input, &self.project)?;
        Ok(found)
    }

    /// Assesses every village-year, and enters the optional tables that were read for it into the scan's accounts.
    pub(crate) fn detect(&self, scan: &mut Scan) -> Result<Detection, Failure> {
        let model = self.task.model.as_deref().map(read_model).transpose()?;
        let options = qingmu_detect::Options { threads: self.task.threads, model };
        let detection = qingmu_detect::run(&self.input, &self.project, &options)?;
        scan.set_accounts(&detection.inputs);
        scan.add_rejects(&detection.rejects);
        Ok(detection)
    }

    /// Runs the rules and joins their hits and the assessments into leads.
    pub(crate) fn judge(&self, scan: &Scan, detection: &Detection) -> Result<Judged, Failure> {
        let options = EvalOptions { year: self.task.year, threads: self.task.threads };
        let seen = (scan, &*detection.beliefs);
        let evaluation = evaluate(&self.pack, seen, &self.project, &options)?;
        let drafts = self.pack.rules.iter().filter(|r| r.status == Status::Draft);
        let context = LeadContext {
            levels: self.project.region.clone(),
            village_names: scan.village_names().clone(),
            region_names: scan.town_names().clone(),
            approvers: scan.approvers(),
            year: self.task.year,
            drafts: drafts.map(|r| r.id.to_string()).collect(),
            assessed: Assessed {
                villages: detection.assessments.clone(),
                rings: detection.rings.clone(),
                beliefs: detection.beliefs.clone(),
                slips: detection.data_errors.clone(),
            },
            order: self.task.order,
        };
        let leads = qingmu_leads::build(evaluation.hits.clone(), &context);
        Ok(Judged { evaluation, leads })
    }
}

fn read_model(path: &Path) -> Result<ModelFile, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| Failure::io(path, &e))?;
    Ok(ModelFile::parse(&text)?)
}

/// The table with the largest share of refused rows, in percent, if it is above the cap.
pub(crate) fn over_cap(scan: &Scan, cap: f64) -> Option<(String, f64)> {
    let totals = qingmu_leads::TableTotal::of(&scan.inputs).ok()?;
    totals
        .into_iter()
        .filter(|(_, total)| total.rows_read > 0)
        .map(|(table, t)| (table, 100.0 * t.rows_rejected as f64 / t.rows_read as f64))
        .filter(|(_, percent)| *percent > cap)
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// `Err` with what the user should change when the output would become input of the next run.
pub(crate) fn keep_apart(input: &Path, out: &Path) -> Result<(), Failure> {
    let (Ok(input), Ok(out)) = (input.canonicalize(), out.canonicalize()) else { return Ok(()) };
    let inside = out.strip_prefix(&input).ok().and_then(|rest| rest.components().next());
    let first = inside.map(|part| part.as_os_str().to_string_lossy().into_owned());
    match first.filter(|name| qingmu_model::table(name).is_some()) {
        None => Ok(()),
        Some(table) => Err(Failure::new(
            Exit::CannotCreate,
            format!("输出目录在输入的 {table} 目录里，下次会被当成输入"),
            format!(
                "the output folder lies in the input's {table} folder: the next run would read it"
            ),
        )
        .remedy("把 --out 放到输入目录之外", "put --out outside the input folder")),
    }
}
