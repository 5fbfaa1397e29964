//! The ledger: canonical Parquet of every table, with provenance, control totals and quarantine.
