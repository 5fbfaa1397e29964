use super::*;
use crate::fixture::Tested;
use std::os::unix::fs::symlink;

/// Makes empty files, with the folders they are in.
fn make(root: &Path, names: &[&str]) -> std::io::Result<()> {
    for name in names {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, "")?;
    }
    Ok(())
}

fn message(root: &Path) -> String {
    match discover(root) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string().replace(&root.display().to_string(), "in"),
    }
}

fn names(set: &InputSet, table: &str) -> Vec<String> {
    set.tables.get(table).into_iter().flatten().map(|f| f.name.clone()).collect()
}

#[test]
fn tables_are_found_and_the_rest_is_named() -> Tested {
    let dir = tempfile::tempdir()?;
    let root = dir.path();
    make(
        root,
        &[
            "claims/2023/b.parquet",
            "claims/2023/a.parquet",
            "claims/2022.csv",
            "claims/readme.txt",
            "claims/._2022.csv",
            "claims/_temporary/0.parquet",
            "Baselines.CSV",
            "villages.csv",
            "notes.csv",
            "letters/1.pdf",
            "qingmu.toml",
            ".hidden.csv",
        ],
    )?;
    let set = discover(root)?;
    assert_eq!(
        names(&set, "claims"),
        ["claims/2022.csv", "claims/2023/a.parquet", "claims/2023/b.parquet"]
    );
    assert_eq!(names(&set, "baselines"), ["Baselines.CSV"]);
    assert_eq!(set.tables.keys().collect::<Vec<_>>(), ["baselines", "claims", "villages"]);
    let formats: Vec<Format> = set.tables.values().flatten().map(|file| file.format).collect();
    let (csv, parquet) = (Format::Csv, Format::Parquet);
    assert_eq!(formats, [csv, csv, parquet, parquet, csv]);
    assert_eq!(
        set.passed_over,
        [
            ".hidden.csv",
            "claims/._2022.csv",
            "claims/_temporary/",
            "claims/readme.txt",
            "letters/",
            "notes.csv"
        ]
    );
    Ok(())
}

#[test]
fn missing_tables_are_named_in_both_languages() -> Tested {
    let dir = tempfile::tempdir()?;
    assert_eq!(
        message(dir.path()),
        "in: 没有 claims 表 / no claims table: expected claims.parquet, claims.csv or \
         claims/**/*.parquet"
    );
    make(dir.path(), &["claims.csv", "baselines/readme.txt"])?;
    assert_eq!(
        message(dir.path()),
        "in: 没有 baselines 表 / no baselines table: expected baselines.parquet, baselines.csv or \
         baselines/**/*.parquet"
    );
    let file = dir.path().join("claims.csv");
    assert_eq!(
        message(&file),
        "in: 不是文件夹，请给出存放各表的文件夹 / not a folder: give the folder that holds the tables"
    );
    assert_eq!(message(&dir.path().join("gone")), "in: No such file or directory (os error 2)");
    Ok(())
}

#[test]
fn two_forms_of_a_table_are_refused() -> Tested {
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims.csv", "claims/1.parquet", "claims.parquet", "baselines.csv"])?;
    assert_eq!(
        message(dir.path()),
        "in: claims 表有两种形式，只能保留一种 / table claims is there twice, remove one of: \
         claims.csv, claims.parquet, claims/"
    );
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims/2022.csv", "claims/2022.parquet", "claims/2023.csv"])?;
    assert_eq!(
        message(dir.path()),
        "in: claims 表有两种形式，只能保留一种 / table claims is there twice, remove one of: \
         claims/2022.csv, claims/2022.parquet"
    );
    Ok(())
}

#[test]
fn links_that_loop_are_refused() -> Tested {
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims/2023/1.parquet", "baselines.csv"])?;
    symlink("..", dir.path().join("claims/2023/up"))?;
    assert_eq!(
        message(dir.path()),
        "in/claims/2023/up: 符号链接成环，请删除 / the symbolic link leads back to a folder above it: \
         remove it"
    );
    fs::remove_file(dir.path().join("claims/2023/up"))?;
    symlink("itself", dir.path().join("claims/2023/itself"))?;
    assert_eq!(
        message(dir.path()),
        "in/claims/2023/itself: Too many levels of symbolic links (os error 40)"
    );
    Ok(())
}

#[test]
fn one_file_under_two_names_is_refused() -> Tested {
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims/2022/1.parquet", "baselines.csv"])?;
    symlink("2022", dir.path().join("claims/2023"))?;
    assert_eq!(
        message(dir.path()),
        "in/claims/2022/1.parquet 与 in/claims/2023/1.parquet 是同一个文件，请删除其一 / both names lead \
         to one file: remove one"
    );
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_read_is_named() -> Tested {
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims/1.parquet", "baselines.csv"])?;
    symlink("nowhere", dir.path().join("claims/2023"))?;
    assert_eq!(message(dir.path()), "in/claims/2023: No such file or directory (os error 2)");
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_utf8_is_refused() -> Tested {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let dir = tempfile::tempdir()?;
    make(dir.path(), &["claims/1.parquet", "baselines.csv"])?;
    fs::write(dir.path().join("claims").join(OsStr::from_bytes(b"\xb4\xe5.csv")), "")?;
    assert_eq!(
        message(dir.path()),
        "in/claims/\u{fffd}\u{fffd}.csv: 文件名不是 UTF-8，请改名 / the file name is no UTF-8: rename it"
    );
    Ok(())
}
