//! Every table that a ledger or an input folder may hold, column by column.

/// Type of a column in canonical storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Region code of the lowest level.
    Village,
    /// Region code of any level.
    Region,
    /// Claimant, person, recorder or approver: masked.
    Person,
    /// Bank account: masked.
    Account,
    /// Area in mu, 4 decimals.
    Mu,
    /// Money in yuan, 2 decimals.
    Yuan,
    /// Yuan per mu, 2 decimals.
    Rate,
    /// Whole number.
    Integer,
    /// Floating-point number (coordinates, shares).
    Real,
    /// Yes or no.
    Flag,
    /// Civil date.
    Date,
    /// `S`, `A` or `Y`.
    Season,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnKind,
    /// Whether the table is refused without it.
    pub required: bool,
}

/// One table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSchema {
    /// Name; also the file or folder name in an input folder.
    pub name: &'static str,
    /// Chinese name.
    pub zh: &'static str,
    /// Columns in canonical order.
    pub columns: &'static [ColumnSpec],
}

impl TableSchema {
    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static ColumnSpec> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// A table by name.
#[must_use]
pub fn table(name: &str) -> Option<&'static TableSchema> {
    TABLES.iter().find(|t| t.name == name)
}

const fn must(name: &'static str, kind: ColumnKind) -> ColumnSpec {
    ColumnSpec { name, kind, required: true }
}

const fn may(name: &'static str, kind: ColumnKind) -> ColumnSpec {
    ColumnSpec { name, kind, required: false }
}

use ColumnKind::{
    Account, Date, Flag, Integer, Mu, Person, Rate, Real, Region, Season, Text, Village, Yuan,
};

/// All tables; the first three are what a scan reads, the others unlock further rules.
pub const TABLES: &[TableSchema] = &[
    TableSchema {
        name: "claims",
        zh: "补贴申报发放",
        columns: &[
            must("claim_id", Text),
            must("year", Integer),
            may("season", Season),
            must("programme", Text),
            must("crop", Text),
            must("village_code", Village),
            may("group_no", Integer),
            must("claimant_id", Person),
            may("claimant_name", Text),
            may("household_id", Text),
            may("account", Account),
            may("parcel_id", Text),
            must("area_mu", Mu),
            may("rate_yuan_per_mu", Rate),
            must("amount_yuan", Yuan),
            may("recorder_id", Person),
            may("approver_id", Person),
            may("submitted_on", Date),
            may("approved_on", Date),
        ],
    },
    TableSchema {
        name: "baselines",
        zh: "种植面积基线",
        columns: &[
            must("village_code", Village),
            must("year", Integer),
            may("season", Season),
            must("crop", Text),
            must("area_mu", Mu),
            must("source", Text),
            may("se_mu", Mu),
            may("independent", Flag),
            may("observed_on", Date),
        ],
    },
    TableSchema {
        name: "villages",
        zh: "村名录",
        columns: &[
            must("village_code", Village),
            must("name", Text),
            may("town_name", Text),
            may("county_name", Text),
            may("lat", Real),
            may("lon", Real),
            may("households", Integer),
            may("population", Integer),
        ],
    },
    TableSchema {
        name: "persons",
        zh: "人员",
        columns: &[
            must("claimant_id", Person),
            may("id_valid", Flag),
            may("birth_date", Date),
            may("deceased_on", Date),
            may("is_cadre", Flag),
            may("on_public_payroll", Flag),
            may("relative_of", Person),
            may("resident_of", Village),
            may("rural", Flag),
            may("welfare", Text),
            may("lives_alone", Flag),
        ],
    },
    TableSchema {
        name: "households",
        zh: "农户",
        columns: &[
            must("household_id", Text),
            must("village_code", Village),
            may("group_no", Integer),
            may("contract_area_mu", Mu),
            may("confirmed_area_mu", Mu),
            may("no_subsidy_area_mu", Mu),
        ],
    },
    TableSchema {
        name: "parcels",
        zh: "地块",
        columns: &[
            must("parcel_id", Text),
            must("village_code", Village),
            must("area_mu", Mu),
            may("land_class", Text),
            may("holder_id", Person),
            may("holder_kind", Text),
        ],
    },
    TableSchema {
        name: "transfers",
        zh: "流转",
        columns: &[
            must("from_id", Person),
            must("to_id", Person),
            must("area_mu", Mu),
            may("start_on", Date),
            may("end_on", Date),
            may("kind", Text),
            may("subsidy_follows", Text),
        ],
    },
    TableSchema {
        name: "payments",
        zh: "发放",
        columns: &[
            must("claim_id", Text),
            may("paid_on", Date),
            must("amount_yuan", Yuan),
            may("account", Account),
            may("account_holder", Person),
            may("status", Text),
            may("payee_kind", Text),
            may("proxy_on_file", Flag),
            may("branch", Text),
            may("account_since_on", Date),
        ],
    },
    TableSchema {
        name: "programmes",
        zh: "补贴项目",
        columns: &[
            must("programme", Text),
            may("region", Region),
            must("year", Integer),
            may("rate_yuan_per_mu", Rate),
            may("eligible_crops", Text),
            may("eligible_land", Text),
            may("area_basis", Text),
            may("window", Text),
            may("exclusive_with", Text),
            may("publicity_days", Integer),
            may("payroll_allowed", Flag),
            may("eligible_on", Date),
        ],
    },
    TableSchema {
        name: "posts",
        zh: "任职",
        columns: &[
            must("person_id", Person),
            must("role", Text),
            must("region", Region),
            may("from_on", Date),
            may("to_on", Date),
        ],
    },
    TableSchema {
        name: "code_map",
        zh: "区划变更",
        columns: &[
            must("old_code", Village),
            must("new_code", Village),
            must("from_year", Integer),
            may("share", Real),
        ],
    },
    TableSchema {
        name: "petitions",
        zh: "群众反映",
        columns: &[
            must("petition_id", Text),
            may("matter_key", Text),
            must("village_code", Village),
            may("received_on", Date),
            may("category", Text),
            may("channel", Text),
        ],
    },
    TableSchema {
        name: "publicity",
        zh: "公示",
        columns: &[
            must("village_code", Village),
            must("programme", Text),
            must("year", Integer),
            may("posted_from", Date),
            may("posted_to", Date),
            may("claimant_id", Person),
            may("area_mu", Mu),
            may("amount_yuan", Yuan),
        ],
    },
    TableSchema {
        name: "inspections",
        zh: "核查结果",
        columns: &[
            may("lead_id", Text),
            may("village_code", Village),
            may("inspected_on", Date),
            must("verdict", Text),
            may("cause", Text),
            may("proven_mu", Mu),
            may("proven_yuan", Yuan),
            may("recovered_yuan", Yuan),
            may("due_on", Date),
        ],
    },
    TableSchema {
        name: "organisations",
        zh: "合作社与企业",
        columns: &[must("org_id", Person), may("rep_id", Person), may("member_id", Person)],
    },
    TableSchema {
        name: "flows",
        zh: "账户流水",
        columns: &[
            must("account", Account),
            must("flow_on", Date),
            must("amount_yuan", Yuan),
            may("kind", Text),
            may("outlet", Text),
            may("to_account", Account),
        ],
    },
    TableSchema {
        name: "funds",
        zh: "资金",
        columns: &[
            must("region", Region),
            must("programme", Text),
            must("year", Integer),
            must("appropriated_yuan", Yuan),
            may("carried_in_yuan", Yuan),
            may("carried_out_yuan", Yuan),
        ],
    },
    TableSchema {
        name: "inspectors",
        zh: "检查人员",
        columns: &[
            must("inspector_id", Person),
            must("name", Text),
            may("unit", Text),
            may("region", Region),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_areas_end_in_their_unit() {
        let mut names: Vec<_> = TABLES.iter().map(|t| t.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLES.len());
        for table in TABLES {
            for column in table.columns {
                let ok = match column.kind {
                    Mu => column.name.ends_with("_mu"),
                    Yuan => column.name.ends_with("_yuan"),
                    Rate => column.name.ends_with("_yuan_per_mu"),
                    Date => {
                        column.name.ends_with("_on")
                            || column.name.starts_with("posted_")
                            || column.name == "birth_date"
                    }
                    _ => true,
                };
                assert!(ok, "{}.{}", table.name, column.name);
            }
        }
        assert_eq!(table("claims").and_then(|t| t.column("area_mu")).map(|c| c.kind), Some(Mu));
        assert_eq!(table("nothing"), None);
    }
}
