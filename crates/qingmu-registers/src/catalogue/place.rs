//! Columns of villages, programmes, rates, claims' payments and funds.

use super::{Entry, FLAG, MU, ONE, PERSON, RATE, YUAN};

pub(super) const VILLAGE_YEAR: &[Entry] = &[
    ("subsidy_yuan", YUAN, "", "全部项目的补贴金额", "money of all programmes"),
    (
        "flow_yuan",
        YUAN,
        "flows",
        "补贴到账后有流水可查的金额",
        "subsidy whose onward way the flows show",
    ),
    (
        "top_withdrawal_yuan",
        YUAN,
        "flows",
        "同一天在同一网点取现的最大合计",
        "largest sum withdrawn at one outlet on one day",
    ),
    (
        "top_withdrawal_accounts",
        ONE,
        "flows",
        "该网点该日取现的账户数",
        "accounts of that withdrawal",
    ),
    (
        "onward_yuan",
        YUAN,
        "flows",
        "到账后7日内由多个账户转入同一账户的最大合计",
        "largest sum passed on to one account by several within 7 days",
    ),
    (
        "onward_accounts",
        ONE,
        "flows",
        "向该账户转款的账户数",
        "accounts that passed money on to it",
    ),
    ("assessed_yuan", YUAN, "inspections", "核查认定应追缴金额", "money found due for recovery"),
    ("recovered_yuan", YUAN, "inspections", "已追回金额", "money recovered"),
    (
        "due_yuan",
        YUAN,
        "inspections",
        "期限已过的应追缴金额",
        "money found due whose date has passed",
    ),
    (
        "overdue_days",
        ONE,
        "inspections",
        "最早一笔未追回款逾期天数（截至数据中最晚的日期）",
        "days since the earliest unpaid due date, up to the latest date in the data",
    ),
];

pub(super) const VILLAGE_SEASON_PROGRAMME: &[Entry] = &[
    (
        "ineligible_crop_mu",
        MU,
        "programmes",
        "作物不在项目补贴作物之列的面积",
        "area of crops that the programme does not list",
    ),
    (
        "ineligible_land_mu",
        MU,
        "parcels",
        "地类不予补贴的地块面积",
        "area on parcels of a class that is not paid on",
    ),
    (
        "ineligible_mu",
        MU,
        "programmes",
        "作物或地类不符的面积",
        "area of a crop or land class that is not paid on",
    ),
    ("ineligible_yuan", YUAN, "programmes", "上述面积的金额", "money on that area"),
    (
        "dated_claims",
        ONE,
        "claims.submitted_on",
        "申报、审核日期齐全的笔数",
        "claims with both dates",
    ),
    (
        "inverted_claims",
        ONE,
        "claims.submitted_on",
        "审核早于申报的笔数",
        "claims approved before they were submitted",
    ),
    (
        "windowed_claims",
        ONE,
        "programmes",
        "有申报日期且项目定有期限的笔数",
        "claims with a date under a programme with a window",
    ),
    ("outside_claims", ONE, "programmes", "申报期限以外的笔数", "claims outside the window"),
    (
        "last_days_mu",
        MU,
        "programmes",
        "申报期限最后三天的面积",
        "area submitted in the last three days of the window",
    ),
    (
        "recorded_claims",
        ONE,
        "claims.recorder_id",
        "笔数最多的经办人的笔数",
        "claims of the recorder with most of them",
    ),
    (
        "batch_claims",
        ONE,
        "claims.recorder_id",
        "该经办人在一天内申报的最多笔数",
        "most claims which that recorder submitted on one day",
    ),
];

pub(super) const PROGRAMME_RATE: &[Entry] = &[
    ("claims", ONE, "", "笔数", "claims"),
    ("area_mu", MU, "", "面积", "area"),
    ("amount_yuan", YUAN, "", "金额", "money"),
    (
        "schedule_yuan_per_mu",
        RATE,
        "programmes",
        "该地该年公布标准中最接近的一个",
        "nearest of the rates that the schedule has for the place and year",
    ),
    ("schedule_rates", ONE, "programmes", "公布标准的个数", "rates that the schedule has"),
    (
        "modal_yuan_per_mu",
        RATE,
        "claims.rate_yuan_per_mu",
        "同县同年同项目同作物最常见的标准",
        "most frequent rate of the county, year, programme and crop",
    ),
    (
        "modal_share",
        ONE,
        "claims.rate_yuan_per_mu",
        "该标准所占笔数比例",
        "share of claims at that rate",
    ),
];

pub(super) const VILLAGE_PROGRAMME_YEAR: &[Entry] = &[
    ("claims", ONE, "", "笔数", "claims"),
    ("area_mu", MU, "", "面积", "area"),
    ("amount_yuan", YUAN, "", "金额", "money"),
    ("posted", FLAG, "publicity", "是否公示", "whether anything was posted"),
    ("posted_days", ONE, "publicity", "公示天数（首尾均计）", "days posted, both ends counted"),
    ("required_days", ONE, "programmes", "要求公示天数", "days that the programme asks for"),
    (
        "paid_after_days",
        ONE,
        "payments",
        "公示结束至首笔发放的天数",
        "days from the end of posting to the first payment",
    ),
];

pub(super) const FUND: &[Entry] = &[
    ("village_code", super::TEXT, "", "地区代码", "code of the region"),
    ("amount_yuan", YUAN, "", "申报应发金额", "money of the claims"),
    (
        "paid_yuan",
        YUAN,
        "funds",
        "实发金额（有发放表时取实发，否则取申报金额）",
        "money paid: of the payments where there are any, else of the claims",
    ),
    ("appropriated_yuan", YUAN, "funds", "下达资金", "money appropriated"),
    ("carried_in_yuan", YUAN, "funds", "上年结转", "carried over from the year before"),
    ("carried_out_yuan", YUAN, "funds", "结转下年", "carried over to the next year"),
];

pub(super) const CLAIM_PAYMENT: &[Entry] = &[
    ("claimant_id", PERSON, "", "申领人", "claimant"),
    ("area_mu", MU, "", "面积", "area"),
    ("amount_yuan", YUAN, "", "申报金额", "money claimed"),
    ("payments", ONE, "payments", "发放笔数（不含退回）", "payments, returned ones not counted"),
    (
        "paid_yuan",
        YUAN,
        "payments",
        "实发合计（不含退回）",
        "sum paid, returned payments not counted",
    ),
    ("returned_yuan", YUAN, "payments", "退回金额", "returned payments"),
    (
        "repeated_yuan",
        YUAN,
        "payments",
        "30日内同额重复发放的金额",
        "paid again in the same amount within 30 days",
    ),
    (
        "collective_yuan",
        YUAN,
        "payments",
        "发给村集体或以现金发放的金额",
        "paid to a collective or in cash",
    ),
    (
        "village_paid_yuan",
        YUAN,
        "payments",
        "本村该项目该年实发合计",
        "paid in the village for the programme and year",
    ),
];
