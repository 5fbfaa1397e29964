//! Whatever a sheet holds: read = kept + quarantined + skipped.

use super::*;
use proptest::prelude::*;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("东沟村".to_owned()),
        Just("合计".to_owned()),
        Just("小计".to_owned()),
        Just("〃".to_owned()),
        Just("制表人：".to_owned()),
        Just("610423197001011206".to_owned()),
        Just("610423197001011000".to_owned()),
        Just("3.5亩".to_owned()),
        Just("n:12.5".to_owned()),
        Just("d:45427".to_owned()),
        Just("补贴面积（亩）".to_owned()),
        Just("身份证号".to_owned()),
        Just("面积".to_owned()),
        Just("小麦".to_owned()),
        "[\\PC&&[^,\n]]{0,6}",
    ]
}

proptest! {
    #[test]
    fn accounts_close(rows in prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..20)) {
        let body: Vec<String> = rows.iter().map(|r| r.join(",")).collect();
        let header = "2024年实际种粮补贴\n村,姓名,身份证号,小麦面积（亩）,玉米面积（亩）,补贴金额（元）,组,序号";
        let sheet = sheet(&format!("{header}\n{}", body.join("\n")));
        let read = interpret(&sheet, &context());
        if let Ok(read) = read {
            prop_assert!(read.closes(), "{read:#?}");
            prop_assert_eq!(read.read.rows, sheet.rows.len() as u64);
            let rows: std::collections::BTreeSet<u64> = read.rows.iter().map(|r| r.row).collect();
            prop_assert_eq!(rows.len() as u64, read.kept.rows);
        }
    }

    #[test]
    fn no_sheet_panics(rows in prop::collection::vec(prop::collection::vec(cell(), 0..6), 0..12)) {
        let body: Vec<String> = rows.iter().map(|r| r.join(",")).collect();
        if let Ok(read) = interpret(&sheet(&body.join("\n")), &context()) {
            prop_assert!(read.closes());
        }
    }
}
