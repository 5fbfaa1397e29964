//! Every known spelling of every header, spread over files of all formats.

use super::claim::{TITLE, claims};
use super::file;
use crate::numbers::plain;
use crate::page::Page;
use crate::sheet::{Date, Value};
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

/// Spellings of two subsidy systems and of town import sheets, by what they mean, `|` between.
const NAME: &str = "姓名|姓名*|姓 名|户主姓名|农户姓名|户主名字|申请人姓名|名字|种植户姓名";
const ID: &str = "身份证号|身份证号*|身份证|身份证号码|居民身份证号|证件号码|证件号|ID号|身份证号(码)|公民身份号码";
const ACCOUNT: &str = "银行卡号|银行卡号*|银行卡|卡号|账号|银行账号|打款账号|收款账号|一卡通(社保卡)账号|一卡通账号|社保卡账号";
const BANK: &str = "开户行|开户行*|开户银行|开户网点|银行|银行名称";
const PHONE: &str = "手机号|手机号*|手机|手机号码|电话|电话号码|联系电话|联系方式";
const VILLAGE: &str = "所在村|所在村*|村|村名|村庄|行政村|所在行政村|社区";
const GROUP: &str = "所在组|所在组*|组|组号|村组|小组|村民小组|组别";
const AREA: &str = "种植面积|种植面积（亩）|申请面积|申请面积（亩）|补贴面积|补贴面积（亩）|计补面积|核定补贴面积|申报面积(亩)|播种面积";
const CONTRACT: &str = "承包面积|承包面积(亩)|承包地|承包地面积|承包地面积(亩)|二轮承包面积|二轮承包地面积|承包(地)面积";
const LAND: &str = "土地面积|土地面积*|土地面积（亩）|耕地面积|实际种植面积|面积|亩数";
const TRUST: &str =
    "代耕代种面积|代耕代种面积(亩)|代种面积|代种面积(亩)|代耕面积|托管面积|代耕代种土地流转";
const NONE: &str = "不予补贴面积|不予补贴面积(亩)|不补面积|不补面积(亩)|扣除面积";
const AMOUNT: &str = "补贴金额|补贴金额（元）|补贴（元）|发放金额|发放金额（元）|实发金额|应发金额|金额|发放额|打款金额|实发(元)";
const PAID: &str = "打款日期|发放日期|付款日期|拨付日期|到账日期|发放时间";
const REMARK: &str = "备注|备注信息|说明";

pub(super) fn files() -> Vec<CorpusFile> {
    let formats = [
        Format::Xls,
        Format::Csv(Encoding::Gb18030),
        Format::Ods,
        Format::Xlsx,
        Format::Xls5,
        Format::Csv(Encoding::Utf16Le),
        Format::Tsv(Encoding::Gb18030),
        Format::Csv(Encoding::Utf8Bom),
        Format::Xlsx,
        Format::Xls,
        Format::Csv(Encoding::Utf16Be),
    ];
    let mut files: Vec<CorpusFile> =
        formats.into_iter().enumerate().map(|(n, f)| spelled(n, f)).collect();
    files.extend(LAND.split('|').enumerate().map(|(n, name)| lone_area(n, name)));
    files
}

/// The `n`-th spelling of a list, from the first again at its end.
fn pick(list: &'static str, n: usize) -> &'static str {
    let all: Vec<&str> = list.split('|').collect();
    all[n % all.len()]
}

/// The `n`-th spelling of everything at once.
fn spelled(n: usize, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title("单位：亩、元");
    page.header(&[
        "序号",
        pick(VILLAGE, n),
        pick(GROUP, n),
        pick(NAME, n),
        pick(ID, n),
        pick(ACCOUNT, n),
        pick(BANK, n),
        pick(PHONE, n),
        pick(CONTRACT, n),
        pick(TRUST, n),
        pick(NONE, n),
        pick(AREA, n),
        pick(AMOUNT, n),
        pick(PAID, n),
        pick(REMARK, n),
        "补贴项目",
        "补贴期号",
    ]);
    for (i, claim) in claims(110 + u32::try_from(n).unwrap_or_default(), 3, 4).iter().enumerate() {
        let cells = crate::cells![
            u32::try_from(i + 1).unwrap_or_default(),
            claim.village(),
            format!("{}组", claim.group),
            claim.name(),
            claim.id(),
            claim.account(),
            "甲山信用社",
            "13900000000",
            plain(claim.area + 5_000, 4),
            "",
            "",
            claim.mu(),
            claim.yuan(),
            Value::Date(Date::new(2024, 6, 3)),
            "",
            "2024年耕地地力保护补贴",
            "1"
        ];
        let account = claim.account();
        page.keep(
            cells,
            claim.with(&[("group_no", &claim.group.to_string()), ("account", &account)]),
        );
    }
    file(&format!("表头写法{:02}", n + 1), &["header spellings"], format, vec![page])
}

/// 面积 in words that may mean the land: taken as the claimed area only where no other area stands beside it, and told.
fn lone_area(n: usize, name: &str) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title("单位：亩、元").header(&["村", "姓名", "身份证号", name, "金额"]);
    for claim in claims(130 + u32::try_from(n).unwrap_or_default(), 2, 3) {
        page.keep(
            crate::cells![claim.village(), claim.name(), claim.id(), claim.mu(), claim.yuan()],
            claim.bare(),
        );
    }
    page.warns("area_assumed");
    let format = if n.is_multiple_of(2) { Format::Xls } else { Format::Csv(Encoding::Gb18030) };
    file(&format!("面积含义{}", n + 1), &["面积 of unclear meaning"], format, vec![page])
}
