//! Every person, account and place in these tables is invented.

use super::*;
use crate::fixture::{Tested, cells as line, csv_file};
use crate::id_hash;
use std::collections::BTreeMap;

fn table<T>(
    name: &str,
    header: &str,
    rows: &[&str],
    read: impl Fn(&InputSet, &Project) -> Result<TableRows<T>, InputError>,
) -> Result<(Vec<T>, Vec<String>), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let rows: Vec<_> = rows.iter().map(|row| line(row)).collect();
    let file = csv_file(dir.path(), &format!("{name}.csv"), header, &rows)?;
    let tables = BTreeMap::from([(name.to_owned(), vec![file])]);
    let set = InputSet { root: dir.path().to_owned(), tables, passed_over: Vec::new() };
    let (found, _, rejects) = read(&set, &Project::default())?;
    Ok((found, rejects.iter().map(|r| format!("{} {}", r.column, r.code)).collect()))
}

#[test]
fn payments_and_flows() -> Tested {
    let header = "claim_id,paid_on,amount_yuan,account,account_holder,status,payee_kind,proxy_on_file,branch,account_since_on";
    let rows = [
        "c1,2021-07-01,35.5,k1,p2,退回,村集体,否,城关支行,2021-06-20",
        "c1,never,1,,,,,,,",
        "c2,,x,,,,,,,",
    ];
    let (found, refused) = table("payments", header, &rows, read_payments)?;
    assert_eq!(refused, ["amount_yuan bad_number"]);
    let first = &found[0];
    assert_eq!((&*first.claim, first.amount.raw(), first.paid_on), ("c1", 3_550, Some(18_809)));
    assert_eq!((first.account, first.holder.as_deref()), (Some(id_hash(b"k1")), Some("p2")));
    assert_eq!(
        (first.status.as_deref(), first.payee_kind.as_deref()),
        (Some("退回"), Some("村集体"))
    );
    assert_eq!((first.proxy_on_file, first.account_since_on), (Some(false), Some(18_798)));
    assert_eq!((found[1].paid_on, found[1].branch.clone()), (None, None));

    let header = "account,flow_on,amount_yuan,kind,outlet,to_account";
    let rows = ["k1,2021-07-02,35,取现,城关网点,", "k1,,1,,,"];
    let (found, refused) = table("flows", header, &rows, read_flows)?;
    assert_eq!(refused, ["flow_on missing_value"]);
    assert_eq!((found[0].account, found[0].outlet.as_deref()), (id_hash(b"k1"), Some("城关网点")));
    assert_eq!((found[0].flow_on, found[0].to), (18_810, None));
    Ok(())
}

#[test]
fn funds_lists_inspections_and_organisations() -> Tested {
    let header = "region,programme,year,appropriated_yuan,carried_in_yuan,carried_out_yuan";
    let (found, refused) = table(
        "funds",
        header,
        &["990001,GRAIN,2021,1000,x,50", "990001,GRAIN,2021,,,"],
        read_funds,
    )?;
    assert_eq!(refused, ["appropriated_yuan missing_value"]);
    assert_eq!((found[0].carried_in, found[0].carried_out), (None, Some(Yuan::from_raw(5_000))));

    let header =
        "village_code,programme,year,posted_from,posted_to,claimant_id,area_mu,amount_yuan";
    let rows = ["990001001001,GRAIN,2021,2021-06-01,2021-06-07,p1,3.5,70", "99,GRAIN,2021,,,,,"];
    let (found, refused) = table("publicity", header, &rows, read_publicity)?;
    assert_eq!(refused, ["village_code bad_region"]);
    assert_eq!((found[0].from, found[0].to), (Some(18_779), Some(18_785)));
    assert_eq!(
        (found[0].claimant.as_deref(), found[0].area),
        (Some("p1"), Some(Mu::from_raw(35_000)))
    );

    let header = "village_code,inspected_on,verdict,proven_yuan,recovered_yuan,due_on";
    let rows = ["990001001001,2021-09-01,confirmed,500,200,2021-12-31", "990001001001,,,,,"];
    let (found, refused) = table("inspections", header, &rows, read_inspections)?;
    assert_eq!(refused, ["verdict missing_value"]);
    assert_eq!((found[0].proven, found[0].due_on), (Some(Yuan::from_raw(50_000)), Some(18_992)));

    let rows = ["91990101MA00000022,p1,p2", ",p1,p2"];
    let (found, refused) =
        table("organisations", "org_id,rep_id,member_id", &rows, read_organisations)?;
    assert_eq!(refused, ["org_id missing_value"]);
    assert_eq!((found[0].rep, found[0].member), (Some(id_hash(b"p1")), Some(id_hash(b"p2"))));
    Ok(())
}
