//! The run: panels, fit, fusion, and what they say in the words of the domain.

use crate::assessments::{self, Told};
use crate::clusters::{Clusters, clusters};
use crate::coverage::{Coverage, coverage};
use crate::error::DetectError;
use crate::groups::groups;
use crate::model_file::{MODEL_FORMAT, ModelFile, SeriesModel};
use crate::notes::data_error;
use crate::panels::{Built, Frame, build};
use crate::places::{CodeMap, places};
use crate::series::plan;
use crate::sources::Baselines;
use qingmu_deviation::{Config, Model, Note, VillageFit, assess, fit};
use qingmu_evidence::gather;
use qingmu_fusion::{Case, Fusion, Series, fuse, learn};
use qingmu_input::places::{read_code_map, read_places};
use qingmu_input::{InputSet, tables::read_baselines};
use qingmu_model::{AssessedRing, Assessment, Beliefs, DataError, InputAccount, Project, Reject};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a run may use the machine, and which model it scores with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Worker threads; 0 takes one per core. Never changes the result.
    pub threads: usize,
    /// A frozen model; `None` learns one from the input itself.
    pub model: Option<ModelFile>,
}

/// Everything that a run says.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// Village-years above the listed probability, by village and year.
    pub assessments: Vec<Assessment>,
    /// Rings, most probable first.
    pub rings: Vec<AssessedRing>,
    /// Every assessed village-year, in short.
    pub beliefs: Arc<Beliefs>,
    /// What groups show beside the probabilities.
    pub clusters: Clusters,
    /// Slips in rows and sources.
    pub data_errors: Vec<DataError>,
    /// Every parameter.
    pub model: ModelFile,
    /// What was assessed and what not, and the health check.
    pub coverage: Coverage,
    /// Accounts of the optional tables that were read into rows here.
    pub inputs: Vec<InputAccount>,
    /// Refused rows of these tables.
    pub rejects: Vec<Reject>,
    /// What was fused, before it was put into words; villages and years are numbers of [`Detection::beliefs`].
    pub fusion: Fusion,
}

/// Assesses every village-year of an input folder.
///
/// The result does not depend on the number of threads, the order of rows or the way they are split into files.
///
/// # Errors
/// [`DetectError`] naming the file that cannot be read, or the frozen model that does not fit the input.
pub fn run(
    input: &InputSet,
    project: &Project,
    options: &Options,
) -> Result<Detection, DetectError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|e| DetectError::Threads(e.to_string()))?;
    pool.install(|| run_here(input, project, options))
}

fn run_here(
    input: &InputSet,
    project: &Project,
    options: &Options,
) -> Result<Detection, DetectError> {
    let evidence = gather(input, project, &qingmu_evidence::Options { threads: options.threads })?;
    let (rows, ..) = read_baselines(input, project)?;
    let (changes, mut inputs, mut rejects) = read_code_map(input, project)?;
    let map = CodeMap::new(changes);
    let at = coordinates(input, project, &evidence.villages)?;
    let places = places(&evidence.villages, &project.region);
    let frame = Frame {
        villages: &evidence.villages,
        places: &places,
        first_year: evidence.first_year,
        years: evidence.years,
    };
    let baselines = Baselines::new(&rows, frame.villages, (frame.first_year, frame.years), &map);
    let plans = plan(&evidence.cells, &places, &rows, project);
    drop(rows);
    let (built, empty) = build(plans, &evidence, &baselines, &frame, &map);
    let learned = fits(&built, options)?;
    let groups = groups(&evidence, &frame, &project.region);
    let series = built.iter().zip(&learned.fits).map(|(b, fits)| Series {
        name: &b.plan.name,
        fits,
        claimed: &b.panel.claimed,
        rate: &b.rate,
    });
    let case = Case {
        first_year: frame.first_year,
        years: frame.years,
        places: &places,
        codes: frame.villages,
        series: series.collect(),
        counted: &evidence.counted,
        groups,
        claims: &evidence.claims,
    };
    let (parameters, mut fusion) = fused(&case, options)?;
    let taught = options.model.as_ref().and_then(|m| m.taught.clone());
    if let Some(taught) = &taught {
        let counties: Vec<u32> = places.iter().map(|p| p.county).collect();
        taught.apply(&mut fusion, &counties, parameters.improper, &fusion_options(options));
    }
    let told = Told {
        frame: &frame,
        built: &built,
        models: &learned.models,
        config: &learned.config,
        fits: &learned.fits,
        fusion: &fusion,
        evidence: &evidence,
        baselines: &baselines,
        map: &map,
        input,
    };
    let beliefs = Arc::new(assessments::beliefs(&told));
    let assessments = assessments::assessments(&told);
    let rings = assessments::rings(&told);
    let clusters = clusters(&told, &at, &project.region);
    let coverage = coverage(&told, &beliefs, project);
    let mut data_errors = evidence.data_errors.clone();
    data_errors.extend(empty);
    data_errors.extend(findings(&built, &learned.notes, &frame, project));
    inputs.extend(evidence.inputs.iter().cloned());
    rejects.extend(evidence.rejects.iter().cloned());
    let model = ModelFile {
        format: MODEL_FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        first_year: frame.first_year,
        years: frame.years,
        deviation: learned.config.clone(),
        fusion: fusion_options(options),
        series: described(&built, &learned.models),
        parameters,
        taught,
    };
    Ok(Detection {
        assessments,
        rings,
        beliefs,
        clusters,
        data_errors,
        model,
        coverage,
        inputs,
        rejects,
        fusion,
    })
}

/// Coordinates of the run's villages.
fn coordinates(
    input: &InputSet,
    project: &Project,
    villages: &[Arc<str>],
) -> Result<Vec<Option<(f64, f64)>>, DetectError> {
    // Rows of villages are accounted for where their names are read.
    let (rows, ..) = read_places(input, project)?;
    let mut at = vec![None; villages.len()];
    let mut sorted: Vec<_> = rows.into_iter().filter_map(|r| Some((r.village, r.at?))).collect();
    // A village given twice keeps one place whatever the order of files.
    sorted
        .sort_by(|a, b| a.0.cmp(&b.0).then(a.1.0.total_cmp(&b.1.0)).then(a.1.1.total_cmp(&b.1.1)));
    for (village, place) in sorted {
        if let Ok(v) = villages.binary_search(&village) {
            at[v] = Some(place);
        }
    }
    Ok(at)
}

/// Models and fits of every series, in order.
struct Learned {
    config: Config,
    models: Vec<Model>,
    fits: Vec<Vec<Option<VillageFit>>>,
    notes: Vec<(usize, Vec<Note>)>,
}

fn fits(built: &[Built], options: &Options) -> Result<Learned, DetectError> {
    let config = options.model.as_ref().map_or_else(Config::default, |m| m.deviation.clone());
    if let (Some(model), Some(first)) = (&options.model, built.first()) {
        model.fits(first.panel.first_year, first.panel.years)?;
    }
    let mut learned = Learned { config, models: Vec::new(), fits: Vec::new(), notes: Vec::new() };
    for (at, built) in built.iter().enumerate() {
        let refused =
            |source| DetectError::Deviation { programme: built.plan.name.clone(), source };
        let (fresh, notes) = fit(&built.panel, &learned.config).map_err(refused)?;
        let model = match &options.model {
            Some(frozen) => frozen.series(&built.plan.name)?.clone(),
            None => fresh,
        };
        learned.notes.push((at, notes));
        learned.fits.push(assess(&built.panel, &model, &learned.config));
        learned.models.push(model);
    }
    Ok(learned)
}

fn fusion_options(options: &Options) -> qingmu_fusion::Options {
    // Every village-year that rules may ask about needs a figure, however small.
    let default = qingmu_fusion::Options { listed: assessments::LEAST, ..Default::default() };
    options.model.as_ref().map_or(default, |m| m.fusion.clone())
}

fn fused(
    case: &Case<'_>,
    options: &Options,
) -> Result<(qingmu_fusion::Parameters, Fusion), DetectError> {
    let constants = fusion_options(options);
    let parameters = match &options.model {
        Some(model) => model.parameters.clone(),
        None => learn(case, &constants)?,
    };
    let fusion = fuse(case, &parameters, &constants)?;
    Ok((parameters, fusion))
}

fn findings(
    built: &[Built],
    notes: &[(usize, Vec<Note>)],
    frame: &Frame<'_>,
    project: &Project,
) -> Vec<DataError> {
    let counties: BTreeMap<u32, &str> = frame
        .places
        .iter()
        .zip(frame.villages)
        .map(|(place, code)| (place.county, project.region.peer_of(code)))
        .collect();
    let county = |number: u32| counties.get(&number).map_or_else(String::new, |c| (*c).to_owned());
    notes
        .iter()
        .flat_map(|(at, notes)| notes.iter().map(|note| (&built[*at], note)))
        .map(|(built, note)| data_error(note, built, frame.villages, county))
        .collect()
}

fn described(built: &[Built], models: &[Model]) -> Vec<SeriesModel> {
    let texts =
        |set: &std::collections::BTreeSet<Arc<str>>| set.iter().map(ToString::to_string).collect();
    let each = built.iter().zip(models).map(|(built, model)| SeriesModel {
        name: built.plan.name.clone(),
        programmes: texts(&built.plan.codes),
        crops: built.plan.all_crops().into_iter().map(ToString::to_string).collect(),
        model: model.clone(),
    });
    each.collect()
}
