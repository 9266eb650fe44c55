//! `plan explain`: why something is a mistake, and how to mend it.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{CliError, Context, ExitCode, Output};
use crate::{
    plan::rules::{self, Rule},
    source::{Colour, Severity},
};

/// Explains the codes of mistakes, with examples; without a code, lists them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// Codes, as diagnostics show them in brackets.
    #[arg(value_name = "CODE")]
    codes: Vec<String>,

    /// How to write it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
}

/// A way to write explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  plan explain              all codes, a line each
  plan explain P0301
  plan explain --format json p0301 p0302";

/// Runs the command.
///
/// # Errors
///
/// If there is no such code, or the output cannot be written.
pub fn run(args: &ExplainArgs, ctx: &mut Context) -> Result<ExitCode, CliError> {
    let asked = args.codes.iter().map(|code| find(code));
    let asked: Vec<&Rule> = asked.collect::<Result<_, _>>()?;
    match (args.format, asked.as_slice()) {
        (ExplainFormat::Text, []) => list(&mut ctx.stdout)?,
        (ExplainFormat::Text, asked) => {
            for (at, rule) in asked.iter().enumerate() {
                if at > 0 {
                    writeln!(ctx.stdout)?;
                }
                explain(rule, &mut ctx.stdout)?;
            }
        }
        (ExplainFormat::Json, []) => {
            let all: Value = rules::all().map(document).collect();
            writeln!(ctx.stdout, "{all:#}")?;
        }
        (ExplainFormat::Json, asked) => {
            let asked: Value = asked.iter().map(|rule| document(rule)).collect();
            writeln!(ctx.stdout, "{asked:#}")?;
        }
    }
    Ok(ExitCode::Success)
}

fn find(code: &str) -> Result<&'static Rule, CliError> {
    rules::find(code).ok_or_else(|| {
        let proposal = match rules::nearest_code(code) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`plan explain` lists them all".to_owned(),
        };
        CliError::Wrong(format!("there is no code `{code}`; {proposal}"))
    })
}

fn list(output: &mut Output) -> io::Result<()> {
    for rule in rules::all() {
        let (style, bold) = styles(rule.severity, output);
        let severity = rule.severity.name();
        // Filled up outside the colour, whose codes have a width too.
        let gap = " ".repeat("warning".len() - severity.len());
        let Rule { code, summary, .. } = rule;
        writeln!(
            output,
            "{bold}{code}{bold:#}  {style}{severity}{style:#}{gap}  {summary}"
        )?;
    }
    Ok(())
}

fn explain(rule: &Rule, output: &mut Output) -> io::Result<()> {
    let (style, bold) = styles(rule.severity, output);
    let severity = rule.severity.name();
    let Rule { code, summary, .. } = rule;
    writeln!(
        output,
        "{style}{severity}[{code}]{style:#}: {bold}{summary}{bold:#}\n"
    )?;
    writeln!(output, "{}", rule.explanation)?;
    writeln!(output, "{bold}A plan that has it{bold:#}\n")?;
    plan(rule.example, output)?;
    writeln!(output, "\n{bold}The same plan, mended{bold:#}\n")?;
    plan(rule.mended, output)
}

/// Indented, as what is quoted.
fn plan(text: &str, output: &mut Output) -> io::Result<()> {
    for line in text.lines() {
        writeln!(output, "  {line}")?;
    }
    Ok(())
}

/// Of a severity, and of what stands out; both nothing where there is no colour.
fn styles(severity: Severity, output: &Output) -> (Style, Style) {
    let colour = match severity {
        Severity::Note => AnsiColor::BrightGreen,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Error => AnsiColor::BrightRed,
    };
    match output.colour() {
        Colour::Plain => (Style::new(), Style::new()),
        Colour::Coloured => (colour.on_default().bold(), Style::new().bold()),
    }
}

fn document(rule: &Rule) -> Value {
    // Taken apart, so that a new field cannot be forgotten here.
    let Rule {
        code,
        severity,
        summary,
        explanation,
        example,
        mended,
    } = rule;
    json!({
        "code": code,
        "severity": severity.name(),
        "summary": summary,
        "explanation": explanation,
        "example": example,
        "mended": mended,
    })
}
