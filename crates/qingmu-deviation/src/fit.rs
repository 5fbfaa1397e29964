//! The output: what one village's series says about every shape.

/// Posterior of a log excess under one template before truncation to positive values: normal with this centre and
/// standard error (the exponential prior of mean 0.25 is already in the centre).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// Centre.
    pub centre: f64,
    /// Standard error.
    pub se: f64,
}

/// The same templates with the excess on the claims and on one locally written source together.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceFit {
    /// Index of the source in the panel.
    pub source: usize,
    /// As [`VillageFit::ln_bf`].
    pub ln_bf: Vec<f64>,
    /// As [`VillageFit::delta`].
    pub delta: Vec<Delta>,
}

/// One village of one panel. Templates and honest shapes are in the order of [`crate::templates`] and
/// [`crate::honest_shapes`]; all logarithms are natural, all Bayes factors against [`crate::HonestKind::Base`].
#[derive(Debug, Clone, PartialEq)]
pub struct VillageFit {
    /// Bayes factor of each template; negative infinity where it has no year with claims.
    pub ln_bf: Vec<f64>,
    /// The same with its sign reversed (an excess of the same size downwards): the health check.
    pub ln_bf_mirror: Vec<f64>,
    /// Posterior of the log excess per template.
    pub delta: Vec<Delta>,
    /// The same with one locally written source raised too; one entry per such source.
    pub with_source: Vec<SourceFit>,
    /// Bayes factor of each honest shape; 0 for the first.
    pub honest: Vec<f64>,
    /// Observed cells with a baseline.
    pub baseline_cells: usize,
}

impl VillageFit {
    /// True where every figure is a number (negative infinity only for evidence).
    pub(crate) fn is_sound(&self) -> bool {
        let evidence = |values: &[f64]| values.iter().all(|v| *v < f64::INFINITY);
        let sizes = |values: &[Delta]| {
            values.iter().all(|d| d.centre.is_finite() && d.se.is_finite() && d.se > 0.0)
        };
        evidence(&self.ln_bf)
            && evidence(&self.ln_bf_mirror)
            && evidence(&self.honest)
            && sizes(&self.delta)
            && self.with_source.iter().all(|s| evidence(&s.ln_bf) && sizes(&s.delta))
    }
}
