//! Every person, parcel and place in these tables is invented.

use super::*;
use crate::fixture::{Tested, cells as line, csv_file, parquet_file};
use crate::{InputFile, tables::read_transfers};
use std::{collections::BTreeMap, error::Error, path::Path};

fn set(root: &Path, table: &str, file: InputFile) -> InputSet {
    let tables = BTreeMap::from([(table.to_owned(), vec![file])]);
    InputSet { root: root.to_owned(), tables, passed_over: Vec::new() }
}

/// The table read from both formats: rows and refused rows, which must agree but for row numbers.
fn both<T: PartialEq + std::fmt::Debug>(
    table: &str,
    header: &str,
    rows: &[&str],
    read: impl Fn(&InputSet, &Project) -> Result<TableRows<T>, InputError>,
) -> Result<(Vec<T>, Vec<String>), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let rows: Vec<_> = rows.iter().map(|row| line(row)).collect();
    let project = Project::default();
    let csv = csv_file(dir.path(), &format!("{table}.csv"), header, &rows)?;
    let parquet = parquet_file(dir.path(), &format!("{table}.parquet"), header, &rows)?;
    let (found, accounts, rejects) = read(&set(dir.path(), table, csv), &project)?;
    let (twin, _, refused) = read(&set(dir.path(), table, parquet), &project)?;
    assert_eq!(found, twin, "Parquet and CSV disagree");
    let words = |list: &[qingmu_model::Reject]| -> Vec<String> {
        list.iter().map(|r| format!("{} {} {}", r.column, r.value, r.code)).collect()
    };
    assert_eq!(words(&rejects), words(&refused));
    assert_eq!(accounts[0].rows_read, accounts[0].rows_kept + accounts[0].rows_rejected);
    Ok((found, words(&rejects)))
}

#[test]
fn persons_stay_in_the_register_whatever_else_is_damaged() -> Tested {
    let header = "claimant_id,id_valid,birth_date,deceased_on,is_cadre,on_public_payroll,relative_of,resident_of,rural,welfare,lives_alone";
    let rows = [
        "p1,true,1950-02-03,2021/3/5,是,0,p2,990001001001,否,低保,true",
        "p2,maybe,long ago,last year,,,,99,,,",
        ",true,,,,,,,,,",
    ];
    let (found, refused) = both("persons", header, &rows, read_persons)?;
    assert_eq!(refused, ["claimant_id  missing_value"]);
    let first = PersonRow {
        person: id_hash(b"p1"),
        id_valid: Some(true),
        born_on: Some(-7_272),
        deceased_on: Some(18_691),
        death_unreadable: false,
        is_cadre: Some(true),
        on_public_payroll: Some(false),
        relative_of: Some(id_hash(b"p2")),
        resident_of: Some("990001001001".into()),
        rural: Some(false),
        welfare: Some("低保".into()),
        lives_alone: Some(true),
    };
    assert_eq!((first.died_in(), found[0].clone()), (Some(2021), first));
    assert_eq!((found[1].death_unreadable, found[1].deceased_on, found.len()), (true, None, 2));
    Ok(())
}

#[test]
fn parcels_and_households() -> Tested {
    let header = "parcel_id,village_code,area_mu,land_class,holder_id";
    let rows = ["l1,990001001001,1.5,forest,p1", "l2,990001001001,2,,", "l3,9900,1,arable,p1"];
    let (found, refused) = both("parcels", header, &rows, read_parcels)?;
    assert_eq!(refused, ["village_code 9900 bad_region"]);
    assert_eq!(found[0].land_class.as_deref(), Some("forest"));
    assert_eq!((found[0].area, found[0].holder), (Mu::from_raw(15_000), Some(id_hash(b"p1"))));
    assert_eq!((found[1].land_class.clone(), found[1].holder), (None, None));

    let header =
        "household_id,village_code,group_no,contract_area_mu,confirmed_area_mu,no_subsidy_area_mu";
    let rows = ["h1,990001001001,第3组,8.5,9,x", "h2,,1,1,1,1"];
    let (found, refused) = both("households", header, &rows, read_households)?;
    assert_eq!(refused, ["village_code  missing_value"]);
    assert_eq!(found[0].household, id_hash(b"h1"));
    assert_eq!((found[0].group_no, found[0].contract), (Some(3), Some(Mu::from_raw(85_000))));
    assert_eq!((found[0].confirmed, found[0].no_subsidy), (Some(Mu::from_raw(90_000)), None));
    Ok(())
}

#[test]
fn programmes_posts_and_leases() -> Tested {
    let header = "programme,region,year,rate_yuan_per_mu,eligible_crops,eligible_land,area_basis";
    let rows =
        ["GRAIN,990001,2021,70.5,wheat maize,arable,planted", "GRAIN,,2021,x,,,", ",,2021,1,,,"];
    let (found, refused) = both("programmes", header, &rows, read_programmes)?;
    assert_eq!(refused, ["programme  missing_value"]);
    assert_eq!((found[0].rate, found[1].rate), (Some(Yuan::from_raw(7_050)), None));
    assert_eq!((found[0].region.as_deref(), found[1].region.clone()), (Some("990001"), None));
    let words = [&found[0].eligible_crops, &found[0].eligible_land, &found[0].area_basis];
    assert_eq!(words.map(|w| w.as_deref()), [Some("wheat maize"), Some("arable"), Some("planted")]);
    assert_eq!((&*found[0].programme, found[0].year), ("GRAIN", 2021));

    let header = "programme,year,window,exclusive_with,publicity_days,payroll_allowed,eligible_on";
    let rows = [
        "GRAIN,2021,2021-03-01..2021-05-31,FALLOW,7,否,2021-01-01",
        "GRAIN,2021,2021-06-01至2021-05-31,,seven,,",
    ];
    let (found, _) = both("programmes", header, &rows, read_programmes)?;
    assert_eq!((found[0].window, found[1].window), (Some((18_687, 18_778)), None));
    assert_eq!((found[0].publicity_days, found[1].publicity_days), (Some(7), None));
    assert_eq!((found[0].payroll_allowed, found[0].eligible_on), (Some(false), Some(18_628)));
    assert_eq!(found[0].exclusive_with.as_deref(), Some("FALLOW"));

    let header = "person_id,role,region,from_on,to_on";
    let rows =
        ["p1,village head,990001001001,2019-01-01,2021-12-31", "p2,clerk,990001001,,", "p3,,9,,"];
    let (found, refused) = both("posts", header, &rows, read_posts)?;
    assert_eq!(refused, ["role  missing_value"]);
    assert_eq!((found[0].person, &*found[0].role), (id_hash(b"p1"), "village head"));
    assert_eq!((&*found[0].region, found[0].from_on), ("990001001001", Some(17_897)));
    assert_eq!((found[0].to_on, found[1].to_on), (Some(18_992), None));

    let header = "from_id,to_id,area_mu,start_on,end_on,subsidy_follows";
    let rows = ["p1,p2,10,2021-01-01,never,lessee"];
    let (found, refused) = both("transfers", header, &rows, read_transfers)?;
    assert_eq!((found[0].start_on, found[0].end_on, refused.len()), (Some(18_628), None, 0));
    assert_eq!(found[0].subsidy_follows.as_deref(), Some("lessee"));
    Ok(())
}

#[test]
fn a_table_that_is_absent_has_no_rows() -> Tested {
    let dir = tempfile::tempdir()?;
    let set =
        InputSet { root: dir.path().to_owned(), tables: BTreeMap::new(), passed_over: Vec::new() };
    assert_eq!(read_persons(&set, &Project::default())?, (Vec::new(), Vec::new(), Vec::new()));
    Ok(())
}
