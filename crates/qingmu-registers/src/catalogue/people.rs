//! Columns of claimants, households, parcels, leases and accounts.

use super::{Entry, FLAG, MU, ONE, TEXT, YUAN};

const VILLAGE: Entry = ("village_code", TEXT, "", "面积最大的村", "village with most of the area");
const AREA: Entry = ("area_mu", MU, "", "面积", "area");
const AMOUNT: Entry = ("amount_yuan", YUAN, "", "金额", "money");
const CLAIMS: Entry = ("claims", ONE, "", "笔数", "claims");
const HOUSEHOLD: Entry =
    ("household_id", TEXT, "claims.household_id", "户编号", "household of the claims");

pub(super) const PARCEL_CLAIMANT: &[Entry] = &[
    VILLAGE,
    AREA,
    AMOUNT,
    CLAIMS,
    HOUSEHOLD,
    ("parcel_mu", MU, "parcels", "地块登记面积", "area of the parcel by the register"),
    ("land_class", TEXT, "parcels", "地类", "class of land"),
    ("collective", FLAG, "parcels", "地块属村集体", "the parcel is held by a collective"),
    (
        "leased_mu",
        MU,
        "transfers",
        "该申领人从地块权利人处流转的面积",
        "area that the claimant leases from the parcel's holder",
    ),
];

pub(super) const EXCLUSIVE_CLAIM: &[Entry] = &[
    VILLAGE,
    AREA,
    AMOUNT,
    ("other_mu", MU, "", "另一项目的面积", "area under the other programme"),
    ("other_yuan", YUAN, "", "另一项目的金额", "money of the other programme"),
    (
        "same_parcel_mu",
        MU,
        "claims.parcel_id",
        "两个项目同时申报的地块面积",
        "area of parcels claimed under both",
    ),
    (
        "entitled_mu",
        MU,
        "households",
        "该户可享受面积（确权或承包减不予补贴）",
        "area that the household may claim: certified or contracted less excluded",
    ),
];

pub(super) const CLAIMANT_REGISTER: &[Entry] = &[
    AREA,
    (
        "land_mu",
        MU,
        "",
        "面积最大的一季的面积（同一块地夏秋各计一次时不重复）",
        "area of the largest season: one field carries wheat in summer and maize in autumn",
    ),
    AMOUNT,
    CLAIMS,
    HOUSEHOLD,
    (
        "actual_grower",
        FLAG,
        "",
        "项目按实际种植发放",
        "the programme pays who plants, not who holds the contract",
    ),
    ("organisation", FLAG, "", "18位统一社会信用代码", "an 18-character credit code"),
    (
        "id_valid",
        FLAG,
        "persons",
        "证件号校验通过（登记册或号码本身）",
        "the id is well formed, by the register or by itself",
    ),
    ("age", ONE, "persons", "资格认定日年龄", "age on the day of eligibility"),
    (
        "dead_days",
        ONE,
        "persons",
        "死亡至资格认定日的天数",
        "days from death to the day of eligibility",
    ),
    ("cadre", FLAG, "persons", "村镇干部", "holds an office of village or town"),
    ("cadre_kin", FLAG, "persons", "干部亲属", "kin of such a person"),
    ("payroll", FLAG, "persons", "财政供养人员", "on the public payroll"),
    (
        "payroll_allowed",
        FLAG,
        "programmes",
        "项目允许财政供养人员享受",
        "the programme pays persons on the public payroll",
    ),
    ("resident", FLAG, "persons", "户籍在本村", "registered in this village"),
    ("rural", FLAG, "persons", "农业户口", "rural registration"),
    ("welfare", FLAG, "persons", "低保、五保", "on welfare"),
    ("lives_alone", FLAG, "persons", "独居", "lives alone"),
    (
        "names",
        ONE,
        "claims.claimant_name",
        "同一证件号的不同姓名数",
        "distinct names under this id in all claims",
    ),
    (
        "account_ids",
        ONE,
        "claims.claimant_name",
        "同名同账户的不同证件号数",
        "distinct ids of one name on one account",
    ),
    (
        "leased_mu",
        MU,
        "transfers",
        "当年有效的流入面积",
        "area leased in, leases in force that year",
    ),
    (
        "village_median_mu",
        MU,
        "",
        "本村该项目申领人用地面积的中位数",
        "median land of the village's claimants",
    ),
    (
        "village_high_mu",
        MU,
        "",
        "本村该项目其余申领人用地面积的第99百分位",
        "99th percentile of the land of the village's other claimants",
    ),
    ("village_claimants", ONE, "", "本村该项目申领人数", "claimants of the village"),
    ("prev_mu", MU, "", "上年面积", "area of the year before"),
    (
        "others_growth",
        ONE,
        "",
        "本村其余申领人面积较上年的倍数",
        "the village's other claimants' area over their area of the year before",
    ),
    (
        "rep_cadre",
        FLAG,
        "organisations",
        "法定代表人是干部或其亲属",
        "the legal representative is a cadre or kin of one",
    ),
    ("members", ONE, "organisations", "登记社员数", "registered members"),
    (
        "claiming_members",
        ONE,
        "organisations",
        "本年任一项目有申报或流出土地的社员数",
        "members who claim anything that year or lease land out",
    ),
];

pub(super) const HOUSEHOLD_PROGRAMME: &[Entry] = &[
    AREA,
    AMOUNT,
    ("claimants", ONE, "", "申领人数", "claimants"),
    (
        "new_claimants",
        ONE,
        "",
        "上年未在本村申领该项目的人数",
        "claimants who did not claim here the year before",
    ),
    ("prev_claimants", ONE, "", "上年申领人数", "claimants of the year before"),
    (
        "prev_mu",
        MU,
        "",
        "上年面积（本村上年有申报时，未申报为0）",
        "area of the year before; 0 where the village claimed and the household did not",
    ),
    ("contract_mu", MU, "households", "承包面积", "contracted area"),
    ("confirmed_mu", MU, "households", "确权面积", "certified area"),
    ("no_subsidy_mu", MU, "households", "不予补贴面积", "area that is not paid on"),
    (
        "in_mu",
        MU,
        "transfers",
        "补贴随地转入的流入面积",
        "area leased in whose subsidy goes to the lessee",
    ),
    (
        "out_mu",
        MU,
        "transfers",
        "补贴随地转出的流出面积",
        "area leased out whose subsidy goes to the lessee",
    ),
    (
        "entitled_mu",
        MU,
        "households",
        "可享受面积：确权或承包（取大）−不予补贴−流出+流入",
        "contracted or certified, the larger, less excluded and leased out, plus leased in",
    ),
    (
        "prev_entitled_mu",
        MU,
        "households",
        "上年可享受面积",
        "the same with the leases of the year before",
    ),
    (
        "village_claimed_mu",
        MU,
        "households",
        "本村可享受面积已知各户的申报合计",
        "claimed by the village's households of known entitlement",
    ),
    (
        "village_entitled_mu",
        MU,
        "households",
        "上述各户可享受面积合计",
        "what those households may claim",
    ),
];

pub(super) const LEASE: &[Entry] = &[
    ("village_code", TEXT, "", "承租方面积最大的村", "village with most of the lessee's area"),
    (
        "claimant_id",
        super::PERSON,
        "",
        "补贴不应归其的一方",
        "the party that the subsidy does not follow",
    ),
    ("lease_mu", MU, "transfers", "流转面积", "area of the lease"),
    ("from_mu", MU, "", "出租方申报面积", "area that the lessor claims"),
    ("to_mu", MU, "", "承租方申报面积", "area that the lessee claims"),
    ("from_yuan", YUAN, "", "出租方金额", "money of the lessor"),
    ("to_yuan", YUAN, "", "承租方金额", "money of the lessee"),
    (
        "from_kept_mu",
        MU,
        "households",
        "出租方留用面积（承包或确权减全部流出）",
        "land that the lessor keeps: contracted or certified less all leases",
    ),
    (
        "to_other_mu",
        MU,
        "households",
        "承租方其他面积（本户承包或确权加其他流入）",
        "other land of the lessee: own and leased from others",
    ),
    (
        "beyond_mu",
        MU,
        "households",
        "补贴不应归其的一方申报超出其他土地的面积（不大于流转面积）",
        "what the party that the subsidy does not follow claims beyond its other land, at most the lease",
    ),
    ("party_mu", MU, "", "该方申报面积", "area that that party claims"),
    ("party_yuan", YUAN, "", "该方金额", "money of that party"),
    (
        "follows",
        TEXT,
        "transfers",
        "补贴归属：lessor 出租方，lessee 承租方",
        "whom the subsidy follows: lessor or lessee",
    ),
    (
        "expired_days",
        ONE,
        "transfers",
        "流转到期至当年1月1日的天数，未到期为负",
        "days from the end of the lease to 1 January; negative while it runs",
    ),
    ("actual_grower", FLAG, "", "项目按实际种植发放", "the programme pays who plants"),
];

pub(super) const CLAIMANT_ACCOUNT: &[Entry] = &[
    VILLAGE,
    AREA,
    AMOUNT,
    CLAIMS,
    (
        "first_day",
        ONE,
        "payments",
        "该账户首笔发放日（1970-01-01起的天数）",
        "day of the first payment on the account, since 1970-01-01",
    ),
    ("last_day", ONE, "payments", "该账户末笔发放日", "day of the last payment"),
    ("account_people", ONE, "", "该账户当年的申领人数", "claimants on that account in the year"),
];

pub(super) const PAYEE_CLAIMANT: &[Entry] = &[
    VILLAGE,
    HOUSEHOLD,
    ("payee_household_id", TEXT, "claims.household_id", "收款人户编号", "household of the payee"),
    AREA,
    ("paid_yuan", YUAN, "payments", "发放金额", "money paid"),
    ("payments", ONE, "payments", "发放笔数", "payments"),
    ("proxy", FLAG, "payments", "已登记代领", "a proxy is on file"),
    ("kin", FLAG, "persons", "收款人是申领人亲属", "the payee is registered kin of the claimant"),
    (
        "collective",
        FLAG,
        "payments",
        "收款方是集体或组织",
        "the payee is a collective or organisation",
    ),
];

pub(super) const ACCOUNT_CHANGE: &[Entry] = &[
    AREA,
    ("paid_yuan", YUAN, "payments", "变更后发放金额", "money paid on the new account"),
    (
        "days_before",
        ONE,
        "payments",
        "账户启用至发放的天数",
        "days from the start of the account to the payment",
    ),
    (
        "branch_accounts",
        ONE,
        "payments",
        "该网点当年收款账户数",
        "accounts of that branch that were paid in the year",
    ),
];

pub(super) const PUBLICITY_CLAIMANT: &[Entry] = &[
    AREA,
    AMOUNT,
    ("posted", FLAG, "publicity", "该户列入公示", "the claimant is on the posted list"),
    ("claimed", FLAG, "", "该户有申报", "the claimant has claims"),
    ("posted_mu", MU, "publicity", "公示面积", "area posted"),
    ("posted_yuan", YUAN, "publicity", "公示金额", "money posted"),
];

pub(super) const OWN_APPROVAL: &[Entry] = &[
    AREA,
    AMOUNT,
    CLAIMS,
    ("own", FLAG, "", "审核人即申领人", "the approver is the claimant"),
    ("kin", FLAG, "persons", "审核人是申领人亲属", "the approver is kin of the claimant"),
    (
        "recorded_too",
        FLAG,
        "claims.recorder_id",
        "审核人也是经办人",
        "the approver recorded the claim, too",
    ),
];
