//! Claims as the files of the corpus list them.

use crate::numbers::{Area, Chance, Fen, double, mu, plain, yuan};
use crate::page::Page;
use crate::people::{account, id18, name};
use crate::places::{PLACES, Place};
use crate::sheet::Value;
use crate::truth::Record;

/// Title that states year, programme and town.
pub(super) const TITLE: &str = "甲山镇2024年耕地地力保护补贴公示表";
/// Title of a programme that is paid per crop.
pub(super) const GRAIN_TITLE: &str = "甲山镇2024年实际种粮农民一次性补贴花名册";
/// Line of units.
pub(super) const UNITS: &str = "单位：亩、元";
/// Columns of [`Claim::row`].
pub(super) const HEADER: [&str; 7] =
    ["序号", "村名", "组别", "户主姓名", "身份证号码", "补贴面积", "补贴金额"];

/// One claim.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) place: &'static Place,
    pub(super) group: u32,
    pub(super) person: u32,
    pub(super) area: Area,
    pub(super) fen: Fen,
}

/// Claims in the first villages of the town, in their order, at 70 yuan per mu and areas of 0.01 mu.
pub(super) fn claims(seed: u32, villages: usize, each: u32) -> Vec<Claim> {
    let mut chance = Chance::new(u64::from(seed));
    let mut person = seed * 97;
    let mut list = Vec::new();
    for place in &PLACES[..villages] {
        for n in 0..each {
            let area = chance.within(50, 2_400) * 100;
            person += 1;
            list.push(Claim { place, group: 1 + n * 3 / each, person, area, fen: area * 7 / 10 });
        }
    }
    list
}

impl Claim {
    pub(super) fn id(&self) -> String {
        id18(self.person)
    }

    pub(super) fn name(&self) -> String {
        name(self.person)
    }

    pub(super) fn account(&self) -> String {
        account(self.person)
    }

    /// Area in mu as a number.
    pub(super) fn mu(&self) -> Value {
        Value::Number(double(self.area, 4))
    }

    /// Money in yuan as a number.
    pub(super) fn yuan(&self) -> Value {
        Value::Number(double(self.fen, 2))
    }

    /// Area in mu as text.
    pub(super) fn mu_text(&self) -> String {
        plain(self.area, 4)
    }

    /// Money in yuan as text.
    pub(super) fn yuan_text(&self) -> String {
        plain(self.fen, 2)
    }

    /// The village as files call it.
    pub(super) fn village(&self) -> String {
        self.place.name.trim_end_matches("委会").trim_end_matches("村民").to_owned()
    }

    /// What all claims of 耕地地力保护补贴 of 2024 have in common with this one.
    pub(super) fn bare(&self) -> Record {
        Record::from([
            ("year", "2024".to_owned()),
            ("programme", "FERTILITY".to_owned()),
            ("crop", "arable".to_owned()),
            ("village_code", self.place.code.to_owned()),
            ("claimant_id", self.id()),
            ("claimant_name", self.name()),
            ("area_mu", mu(self.area)),
            ("amount_yuan", yuan(self.fen)),
        ])
    }

    /// With the group.
    pub(super) fn record(&self) -> Record {
        self.with(&[("group_no", &self.group.to_string())])
    }

    /// With further fields.
    pub(super) fn with(&self, more: &[(&'static str, &str)]) -> Record {
        let mut record = self.bare();
        record.extend(more.iter().map(|(field, value)| (*field, (*value).to_owned())));
        record
    }

    /// Cells under [`HEADER`].
    pub(super) fn row(&self, number: usize) -> Vec<Value> {
        let number = u32::try_from(number + 1).unwrap_or_default();
        crate::cells![
            number,
            self.village(),
            format!("{}组", self.group),
            self.name(),
            self.id(),
            self.mu(),
            self.yuan()
        ]
    }
}

/// Title, units and header.
pub(super) fn opened(sheet: &str) -> Page {
    let mut page = Page::new(sheet, "claims");
    page.title(TITLE).title(UNITS).header(&HEADER);
    page
}

/// A whole register as most offices send it: title, units, header, rows, total, footer.
pub(super) fn register(sheet: &str, claims: &[Claim]) -> Page {
    let mut page = opened(sheet);
    for (n, claim) in claims.iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    let (area, money) = page.sums();
    page.total("合计", (5, &area), (6, &money));
    page.skip("footer", crate::cells!["制表人：赵某", "", "审核人：钱某", "", "2024年6月3日"]);
    page.skip("footer", crate::cells!["监督电话：029-00000000"]);
    page
}
