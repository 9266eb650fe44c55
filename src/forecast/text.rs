//! A forecast for people: who there is, what each does, what all do together.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::{Bound, Change, Crowd, Forecast, Growth};
use crate::{
    base::{dealing::SharedBy, figures, printable::printable},
    profile,
};

/// Writes a forecast as text. It ends with a line break.
pub fn text(forecast: &Forecast) -> String {
    let mut out = format!("{}\n", printable(&forecast.plan));
    if let Some(find) = &forecast.find {
        field(&mut out, "find", &find.text());
        let highest = find.bounds.text(find.bounds.to);
        field(
            &mut out,
            "",
            &format!("what follows is of one try, at {highest}"),
        );
    }
    for load in &forecast.loads {
        let whose = load.class.map(|class| &forecast.classes[class.index()].0);
        let whose = whose.map_or(String::new(), |class| format!("{}: ", printable(class)));
        let load = profile::text(&load.profile);
        field(&mut out, "load", &format!("{whose}{load}"));
    }
    if !forecast.insecure.is_empty() {
        field(&mut out, "tls", &unverified(forecast));
    }
    field(&mut out, "assumed", &assumed(forecast));
    let tables = [
        Some(users(forecast)),
        (!forecast.rows.is_empty()).then(|| one_user(forecast)),
        Some(all_users(forecast)),
        data(forecast),
        growth(forecast),
    ];
    for table in tables.into_iter().flatten() {
        out.push('\n');
        out.push_str(&table);
    }
    out
}

fn field(out: &mut String, name: &str, value: &str) {
    writeln!(out, "  {name:<9}{value}").expect("a String takes all");
}

/// By whom, unless by all.
fn unverified(forecast: &Forecast) -> String {
    let classes: Vec<_> = forecast
        .insecure
        .iter()
        .map(|class| printable(class))
        .collect();
    let by_whom = if classes.len() == forecast.classes.len() {
        String::new()
    } else {
        format!(" by {}", classes.join(", "))
    };
    format!("certificates are not verified{by_whom} (insecure)")
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// What was taken for granted, for as far as it matters in this plan.
fn assumed(forecast: &Forecast) -> String {
    let answers = if forecast.response.is_zero() {
        "every request succeeds in no time (see --assume-response)".to_owned()
    } else {
        let time = figures::time(forecast.response);
        format!("every request succeeds, and takes {time}")
    };
    let caveats = forecast.caveats;
    let more = [
        (caveats.guards, "each `when` holds (≤: at most)"),
        (
            caveats.branches,
            "each `if` takes either way (≤: at most), for the time of the longer one",
        ),
        (caveats.stops, "nobody comes to a `stop` behind a condition"),
        (
            caveats.loops,
            "each `while`, and each `for` over a value, goes round once (~: more or less)",
        ),
        (
            caveats.untils,
            "each `until` holds after one round (≥: at least)",
        ),
        (
            caveats.overruns,
            "tasks that may overrun their pace take their mean time",
        ),
        (caveats.meetings, "nobody waits for others at a `meet`"),
    ];
    let more = more.into_iter().filter(|(matters, _)| *matters);
    let all: Vec<_> = std::iter::once(answers.as_str())
        .chain(more.map(|(_, text)| text))
        .collect();
    all.join(&format!("\n{:11}", ""))
}

/// The split, and how long a pass is.
fn users(forecast: &Forecast) -> String {
    let mut rows = vec![["class", "users", "share", "a pass takes", "passes"].map(str::to_owned)];
    let all: u32 = forecast.classes.iter().map(|(_, users)| users).sum();
    let all = f64::from(all.max(1));
    for (index, (class, number)) in forecast.classes.iter().enumerate() {
        let crowds: Vec<_> = (forecast.crowds.iter())
            .filter(|crowd| crowd.class.index() == index)
            .collect();
        let share = figures::share(f64::from(*number) / all);
        let [pass, passes] = match crowds.as_slice() {
            [crowd] => [pass(crowd), limited(crowd.passes)],
            _ => ["", ""].map(str::to_owned),
        };
        let name = printable(class).into_owned();
        rows.push([name, number.to_string(), share, pass, passes]);
        if crowds.len() > 1 || crowds.iter().any(|crowd| !crowd.chosen.is_empty()) {
            rows.extend(crowds.into_iter().map(|crowd| {
                [
                    format!("  {}", does(crowd)),
                    figure(crowd.users),
                    figures::share(crowd.users / all),
                    self::pass(crowd),
                    limited(crowd.passes),
                ]
            }));
        }
    }
    table(&rows, 0)
}

/// The tasks that a crowd has for life; there is another reason to tell crowds of
/// a class apart, which is that chance decides in which set users stay.
fn does(crowd: &Crowd) -> String {
    if crowd.chosen.is_empty() {
        return format!("{} by chance", figure(crowd.users));
    }
    let chosen: Vec<_> = crowd.chosen.iter().map(|name| printable(name)).collect();
    chosen.join(" · ")
}

fn pass(crowd: &Crowd) -> String {
    if crowd.pass_s == 0.0 {
        return "no time".to_owned();
    }
    let time = std::time::Duration::try_from_secs_f64(crowd.pass_s);
    time.map_or_else(|_| "for ever".to_owned(), figures::time)
}

/// What one user of each kind does.
fn one_user(forecast: &Forecast) -> String {
    let mut rows = vec![["one user of", "once", "each pass", "at its end"].map(str::to_owned)];
    for crowd in &forecast.crowds {
        let (class, _) = &forecast.classes[crowd.class.index()];
        let mut title = printable(class).into_owned();
        let alike = |other: &&Crowd| other.class == crowd.class;
        let is_alone = forecast.crowds.iter().filter(alike).count() == 1;
        if !crowd.chosen.is_empty() || !is_alone {
            title = format!("{title} · {}", does(crowd));
        }
        rows.push([title.as_str(), "", "", ""].map(str::to_owned));
        for visit in &crowd.visits {
            let times = |times: f64| match times {
                0.0 => "-".to_owned(),
                _ => format!("{}{}", visit.bound.sign(), figure(times)),
            };
            rows.push([
                format!("  {}", printable(&visit.name)),
                times(visit.once),
                times(visit.each),
                times(visit.end),
            ]);
        }
    }
    table(&rows, 0)
}

/// What all users do together.
fn all_users(forecast: &Forecast) -> String {
    if forecast.rows.is_empty() {
        return "Not a single request, and nothing recorded.\n".to_owned();
    }
    let mut rows = vec![["all users", "requests", "share", "rate"].map(str::to_owned)];
    for row in &forecast.rows {
        let sign = row.bound.sign();
        rows.push([
            printable(&row.name).into_owned(),
            format!("{sign}{}", limited(row.amount.total)),
            row.share.map_or_else(unknown, figures::share),
            format!(
                "{sign}{}",
                row.amount.rate.map_or_else(unknown, figures::rate)
            ),
        ]);
    }
    let total = forecast.total;
    let bounds = forecast.rows.iter().map(|row| row.bound);
    let sign = bounds.fold(Bound::Exact, Bound::and).sign();
    let rate = total.rate.map_or_else(unknown, figures::rate);
    rows.push([
        "total".to_owned(),
        format!("{sign}{}", limited(total.total)),
        String::new(),
        format!("{sign}{rate}"),
    ]);
    table(&rows, 1)
}

/// Rows that there are, and rows that are drawn.
fn data(forecast: &Forecast) -> Option<String> {
    if forecast.draws.is_empty() {
        return None;
    }
    let title = ["data", "rows", "drawn by", "rows drawn", "last for", "then"];
    let mut rows = vec![title.map(str::to_owned)];
    let end = forecast.duration();
    for draws in &forecast.draws {
        // Within the run only: after it, nobody draws.
        let last = draws
            .last()
            .filter(|last| end.is_none_or(|end| *last < end));
        let is_shared = draws.dealing.shared_by == SharedBy::Run;
        rows.push([
            printable(&draws.name).into_owned(),
            format!("{}{}", draws.rows, if is_shared { "" } else { " each" }),
            counted(draws.users, "user"),
            format!("{}{}", draws.bound.sign(), limited(draws.amount.total)),
            last.map_or_else(|| "-".to_owned(), figures::time),
            draws.then().to_owned(),
        ]);
    }
    Some(table(&rows, 0))
}

/// Creates against deletes.
fn growth(forecast: &Forecast) -> Option<String> {
    if forecast.growth.is_empty() {
        return None;
    }
    let title = ["growth, a guess by names", "in an hour", "at the end"];
    let mut rows = vec![title.map(str::to_owned)];
    for growth in &forecast.growth {
        let Growth {
            path,
            created,
            deleted,
            net,
            bound,
        } = growth;
        rows.push([
            format!("below {}", printable(path)),
            String::new(),
            String::new(),
        ]);
        let deleted_less = deleted
            .iter()
            .map(|change| (change, -1.0, change.bound.reversed()));
        let changes = created.iter().map(|change| (change, 1.0, change.bound));
        for (Change { name, amount, .. }, sign, bound) in changes.chain(deleted_less) {
            rows.push([
                format!("  {}", printable(name)),
                signed(bound, amount.rate.map(|rate| rate * sign * HOUR_S)),
                signed(bound, amount.total.map(|total| total * sign)),
            ]);
        }
        if created.len() + deleted.len() > 1 {
            rows.push([
                "  together".to_owned(),
                signed(*bound, net.rate.map(|rate| rate * HOUR_S)),
                signed(*bound, net.total),
            ]);
        }
    }
    Some(table(&rows, 0))
}

const HOUR_S: f64 = 3600.0;

/// With its sign, since it is a change: `+3200`, `-45`, `0`.
fn signed(bound: Bound, change: Option<f64>) -> String {
    // What floats leave of equal sums is nothing.
    let change = change.map(|change| if change.abs() < 1e-6 { 0.0 } else { change });
    let text = change.map_or_else(unknown, figure);
    let plus = if change > Some(0.0) { "+" } else { "" };
    format!("{}{plus}{text}", bound.sign())
}

fn figure(number: f64) -> String {
    figures::number(number, figures::DIGITS)
}

/// A number of things that may have no limit.
fn limited(number: Option<f64>) -> String {
    /// From here on a fraction says nothing.
    const MANY: f64 = 10.0;
    let whole = |number: f64| {
        if number < MANY {
            number
        } else {
            number.round()
        }
    };
    number.map_or_else(unknown, |number| figure(whole(number)))
}

/// For what has no limit but the target.
fn unknown() -> String {
    "?".to_owned()
}

/// Draws rows, the first of which are titles, with a line above the last `summed`.
fn table<const N: usize>(rows: &[[String; N]], summed: usize) -> String {
    /// Spaces between columns.
    const GAP: u16 = 2;
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(&rows[0]);
    for row in &rows[1..] {
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        if index == 0 {
            column.set_padding((0, 0));
        } else {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_padding((GAP, 0));
        }
    }
    let mut lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    if summed > 0 {
        let rule = lines[1].clone();
        lines.insert(lines.len() - summed, rule);
    }
    lines.join("\n") + "\n"
}
