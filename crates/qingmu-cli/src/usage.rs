//! Wrong command lines: what clap found, said in the user's language, with the nearest right word.

use crate::exit::Exit;
use crate::lang::pick;
use crate::ui::Ui;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use qingmu_model::Lang;
use std::error::Error as _;
use std::ffi::OsString;

/// Prints help and version to stdout (0), everything else to stderr (2).
pub(crate) fn report(error: &clap::Error, lang: Lang, args: &[OsString]) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that went away (`qingmu --help | head -1`) is no failure.
        let _ = error.print();
        return Exit::Done;
    }
    Ui::line(&format!("{}{}", pick(lang, "错误：", "error: "), sentence(error, lang)));
    if let Some(near) = suggestion(error) {
        Ui::line(&match lang {
            Lang::Zh => format!("是否为 `{near}`？"),
            Lang::En => format!("did you mean `{near}`?"),
        });
    }
    let place = command_path(args);
    Ui::line(&match lang {
        Lang::Zh => format!("用法见 `{place} --help`"),
        Lang::En => format!("see `{place} --help`"),
    });
    Exit::Usage
}

/// The subcommand whose help answers the question.
fn command_path(args: &[OsString]) -> String {
    let mut command = crate::app::command(Lang::En);
    let mut path = "qingmu".to_owned();
    for word in args.iter().skip(1).filter_map(|a| a.to_str()) {
        let Some(inner) = command.find_subcommand(word).cloned() else { continue };
        path.push(' ');
        path.push_str(word);
        command = inner;
    }
    path
}

fn sentence(error: &clap::Error, lang: Lang) -> String {
    let arg = shown(error, ContextKind::InvalidArg);
    let value = shown(error, ContextKind::InvalidValue);
    match (error.kind(), lang) {
        (ErrorKind::InvalidSubcommand, _) => {
            let word = shown(error, ContextKind::InvalidSubcommand);
            two(lang, format!("没有命令 `{word}`"), format!("there is no command `{word}`"))
        }
        (ErrorKind::UnknownArgument, _) => {
            two(lang, format!("不认识参数 `{arg}`"), format!("unexpected argument `{arg}`"))
        }
        (ErrorKind::MissingRequiredArgument, _) => {
            two(lang, format!("缺少 {arg}"), format!("{arg} is missing"))
        }
        (ErrorKind::MissingSubcommand, _) => {
            let known = shown(error, ContextKind::ValidSubcommand);
            two(lang, format!("缺少子命令：{known}"), format!("a subcommand is missing: {known}"))
        }
        (ErrorKind::InvalidValue, _) if value.is_empty() => {
            two(lang, format!("`{arg}` 后面缺少值"), format!("`{arg}` needs a value"))
        }
        (ErrorKind::InvalidValue, _) => {
            let known = shown(error, ContextKind::ValidValue);
            two(
                lang,
                format!("`{arg}` 的值 `{value}` 无效，可用：{known}"),
                format!("`{value}` is no value for `{arg}`; use one of {known}"),
            )
        }
        (ErrorKind::ValueValidation, _) => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            two(
                lang,
                format!("`{arg}` 的值 `{value}` 无效：{why}"),
                format!("`{value}` is no value for `{arg}`: {why}"),
            )
        }
        (ErrorKind::ArgumentConflict, _) => {
            let other = shown(error, ContextKind::PriorArg);
            if other.is_empty() || other == arg {
                return two(
                    lang,
                    format!("`{arg}` 写了不止一次"),
                    format!("`{arg}` is given more than once"),
                );
            }
            two(
                lang,
                format!("`{arg}` 不能与 `{other}` 同用"),
                format!("`{arg}` cannot be used with `{other}`"),
            )
        }
        (ErrorKind::InvalidUtf8, _) => two(
            lang,
            "参数中有非 UTF-8 字节".to_owned(),
            "an argument holds bytes that are no UTF-8".to_owned(),
        ),
        _ => two(lang, "命令行无法解析".to_owned(), "the command line cannot be read".to_owned()),
    }
}

fn two(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn shown(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        _ => String::new(),
    }
}

fn suggestion(error: &clap::Error) -> Option<String> {
    [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| match error.get(kind)? {
            ContextValue::String(text) => Some(text.clone()),
            // clap lists the nearest word last.
            ContextValue::Strings(list) => list.last().cloned(),
            _ => None,
        })
}
