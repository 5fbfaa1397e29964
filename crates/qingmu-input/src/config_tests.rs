use super::*;
use crate::fixture::Tested;
use qingmu_model::AreaUnit;

/// The message for a configuration, with the folder's name taken off.
fn message(text: &[u8]) -> Result<String, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join(PROJECT_FILE), text)?;
    let folder = format!("{}/", dir.path().display());
    Ok(match load_project(dir.path()) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string().replace(&folder, ""),
    })
}

#[test]
fn without_a_file_the_defaults_hold() -> Tested {
    let dir = tempfile::tempdir()?;
    assert_eq!(load_project(dir.path())?, Project::default());
    fs::create_dir(dir.path().join(PROJECT_FILE))?;
    let error = load_project(dir.path()).map_err(|e| e.to_string());
    let path = dir.path().join(PROJECT_FILE);
    assert_eq!(error, Err(format!("{}: Is a directory (os error 21)", path.display())));
    Ok(())
}

#[test]
fn keys_are_taken() -> Tested {
    let dir = tempfile::tempdir()?;
    let text =
        "\u{feff}currency = \"USD\"\narea_unit = \"acre\"\n[crop_group]\ngrain = [\"wheat\"]\n";
    fs::write(dir.path().join(PROJECT_FILE), text)?;
    let project = load_project(dir.path())?;
    assert_eq!((project.currency.as_str(), project.area_unit), ("USD", AreaUnit::Acre));
    assert_eq!(project.crop_group.len(), 1);
    assert_eq!(project.competing, Project::default().competing);
    Ok(())
}

#[test]
fn faults_name_line_and_key() -> Tested {
    assert_eq!(
        message(b"currency = \"CNY\"\narea_unit = \"chi\"\n")?,
        "qingmu.toml:2: `area_unit`: unknown variant `chi`, expected one of `mu`, `hectare`, \
         `acre`, `square_metre`"
    );
    assert_eq!(
        message("# 县\n\n[programme.GRAIN]\nbasis = \"planting\"\nreferense = []\n".as_bytes())?,
        "qingmu.toml:5: `programme.GRAIN.referense`: unknown field `referense`, expected one of \
         `basis`, `reference`, `exclusive`"
    );
    assert_eq!(
        message(b"currency = 5\n")?,
        "qingmu.toml:1: `currency`: invalid type: integer `5`, expected a string"
    );
    assert_eq!(
        message(b"[crop_group]\ngrain = [\"wheat\"]\nwheat = [\"wheat\"]\n")?,
        "qingmu.toml:3: `crop_group.wheat`: crop group `wheat` has the name of a crop or land \
         class; rename the group"
    );
    assert_eq!(
        message(b"[crop_group]\nall = []\n")?,
        "qingmu.toml:2: `crop_group.all`: crop group `all` is built in; rename the group"
    );
    assert_eq!(
        message(
            b"currency = \"CNY\"\n[region]\nlevels = []\nring = \"town\"\npeer = \"county\"\n"
        )?,
        "qingmu.toml:2: `region`: region levels: need at least two levels of 1 to 12 digits each"
    );
    assert_eq!(
        message(b"a = 1\ncurrency = \"\xb2\xb9\"\n")?,
        "qingmu.toml:2: bytes are no UTF-8; save the file as UTF-8"
    );
    Ok(())
}

#[test]
fn text_that_is_no_toml_names_the_line() -> Tested {
    assert_eq!(
        message(b"currency = \"CNY\"\narea_unit = \n")?,
        "qingmu.toml:2: `area_unit`: string values must be quoted, expected literal string"
    );
    Ok(())
}
