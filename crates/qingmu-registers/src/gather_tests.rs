//! Every person, household and place here is invented.

use super::*;
use qingmu_input::discover;
use std::fs;

type Tested = Result<(), Box<dyn std::error::Error>>;

const CLAIMS: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,household_id,account,parcel_id,area_mu,rate_yuan_per_mu,amount_yuan,approver_id\n";
const V: &str = "990001001201";

fn registers(
    claims: &[&str],
    tables: &[(&str, &str)],
) -> Result<Registers, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join("claims.csv"), format!("{CLAIMS}{}\n", claims.join("\n")))?;
    let base = format!("village_code,year,crop,area_mu,source\n{V},2022,arable,9,survey\n");
    fs::write(dir.path().join("baselines.csv"), base)?;
    for (name, text) in tables {
        fs::write(dir.path().join(format!("{name}.csv")), text)?;
    }
    Ok(gather(&discover(dir.path())?, &Project::default())?)
}

/// Key columns and one more of every row.
fn shown(view: &View, column: &str) -> Vec<String> {
    let cell = |name: &str, row: usize| {
        let column = view.column(name);
        let text = column.and_then(|c| c.text(row)).map(ToString::to_string);
        let number = column.and_then(|c| c.number(row)).map(|v| v.to_string());
        let flag = column.and_then(|c| c.flag(row)).map(|v| v.to_string());
        text.or(number).or(flag).unwrap_or_else(|| "?".to_owned())
    };
    let names = || view.name.keys().iter().copied().chain([column]);
    (0..view.rows).map(|row| names().map(|n| cell(n, row)).collect::<Vec<_>>().join(" ")).collect()
}

fn claim(id: &str, rest: &str) -> String {
    format!("{id},2022,A,GRAIN,wheat,{V},{rest},a1")
}

#[test]
fn rates_stand_beside_the_schedule_and_the_usual_one() -> Tested {
    let rows = [
        claim("c1", "p1,h1,k1,,10,20,200"),
        claim("c2", "p2,h2,k2,,10,20,200"),
        claim("c3", "p3,h3,k3,,10,25,250"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let schedule = "programme,region,year,rate_yuan_per_mu\nGRAIN,990001,2022,22\nGRAIN,,2022,25\n";
    let found = registers(&rows, &[("programmes", schedule)])?;
    let view = found.view(ViewName::ProgrammeRate);
    let keys = format!("{V} 2022 GRAIN wheat");
    assert_eq!(
        shown(&view, "modal_yuan_per_mu"),
        [format!("{keys} 20 20"), format!("{keys} 25 20")]
    );
    assert_eq!(
        shown(&view, "schedule_yuan_per_mu"),
        [format!("{keys} 20 22"), format!("{keys} 25 22")]
    );
    let without = registers(&rows, &[])?.view(ViewName::ProgrammeRate);
    assert_eq!(shown(&without, "schedule_rates"), [format!("{keys} 20 ?"), format!("{keys} 25 ?")]);
    Ok(())
}

#[test]
fn leases_move_the_entitlement_only_where_they_are_known() -> Tested {
    let rows = [claim("c1", "p1,h1,k1,,8,20,160"), claim("c2", "p2,h2,k2,,9,20,180")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let homes = format!(
        "household_id,village_code,contract_area_mu,confirmed_area_mu,no_subsidy_area_mu\nh1,{V},6,7,1\nh2,{V},5,,\n"
    );
    let leases = "from_id,to_id,area_mu,start_on,end_on,subsidy_follows\np1,p2,2,2021-01-01,2023-01-01,lessee\np1,p2,9,2015-01-01,2020-01-01,lessee\n";
    let view = registers(&rows, &[("households", &homes), ("transfers", leases)])?
        .view(ViewName::HouseholdProgramme);
    let row = |home: &str, value: &str| format!("{V} {home} 2022 A GRAIN {value}");
    assert_eq!(shown(&view, "entitled_mu"), [row("h1", "4"), row("h2", "7")]);
    assert_eq!(shown(&view, "village_entitled_mu"), [row("h1", "11"), row("h2", "11")]);
    let without = registers(&rows, &[("households", &homes)])?.view(ViewName::HouseholdProgramme);
    assert_eq!(shown(&without, "entitled_mu"), [row("h1", "?"), row("h2", "?")]);
    Ok(())
}

#[test]
fn the_order_of_rows_and_files_changes_nothing() -> Tested {
    let rows: Vec<String> = (0..40)
        .map(|i| {
            let (a, b) = (i % 7, i % 5);
            claim(&format!("c{i}"), &format!("p{a},h{b},k{b},l{b},{a}.5,20,{},", a * 20 + 10))
        })
        .map(|row| row.replace(",,a1", ",a1"))
        .collect();
    let forward: Vec<&str> = rows.iter().map(String::as_str).collect();
    let backward: Vec<&str> = rows.iter().rev().map(String::as_str).collect();
    let parcels = format!("parcel_id,village_code,area_mu\nl1,{V},3\nl2,{V},90\n");
    let tables = [("parcels", parcels.as_str())];
    let (one, other) = (registers(&forward, &tables)?, registers(&backward, &tables)?);
    for name in ViewName::ALL.into_iter().filter(|name| crate::is_own(*name)) {
        assert_eq!(one.view(name), other.view(name), "{name}");
    }
    assert!(one.view(ViewName::ParcelClaimant).rows > 0);
    assert!(one.view(ViewName::ClaimantAccount).rows > 0);
    Ok(())
}

#[test]
fn payments_are_held_against_claims_and_what_came_back_does_not_count() -> Tested {
    let rows = [
        claim("c1", "p1,h1,k1,,10,20,200"),
        claim("c2", "p2,h2,k2,,10,20,200"),
        claim("c3", "p3,h3,k3,,10,20,200"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let paid = "claim_id,paid_on,amount_yuan,account,account_holder,status,proxy_on_file\nc1,2022-07-01,200,k1,p1,成功,\nc2,2022-07-01,200,k2,p9,成功,否\nc2,2022-07-20,200,k2,p9,成功,否\nc3,2022-07-01,200,k3,p3,退回,\n";
    let found = registers(&rows, &[("payments", paid)])?;
    let view = found.view(ViewName::ClaimPayment);
    let row = |id: &str, value: &str| format!("{V} 2022 A GRAIN {id} {value}");
    assert_eq!(shown(&view, "paid_yuan"), [row("c2", "400"), row("c3", "0")]);
    assert_eq!(shown(&view, "repeated_yuan"), [row("c2", "200"), row("c3", "0")]);
    assert_eq!(view.not_listed, 1);
    let payee = found.view(ViewName::PayeeClaimant);
    assert_eq!(shown(&payee, "paid_yuan"), ["p9 2022 p2 400"]);
    assert_eq!(shown(&payee, "proxy"), ["p9 2022 p2 false"]);
    Ok(())
}
