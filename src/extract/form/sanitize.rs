//! What browsers make of the value that a page gives an `<input>`: the value
//! sanitization algorithms of the HTML standard.

use jiff::civil::{Date, ISOWeekDate, Weekday};

/// The value that a field of this kind holds; `attribute` gives its attributes.
pub(super) fn sanitize<'a>(
    kind: &str,
    value: &str,
    attribute: impl Fn(&str) -> Option<&'a str>,
) -> String {
    match kind {
        "url" => one_line(value).trim_matches(is_blank).to_owned(),
        "email" if attribute("multiple").is_some() => {
            let line = one_line(value);
            let each = line.split(',').map(|each| each.trim_matches(is_blank));
            each.collect::<Vec<_>>().join(",")
        }
        "email" => one_line(value).trim_matches(is_blank).to_owned(),
        "number" => number(value).map_or(String::new(), |_| value.to_owned()),
        "range" => range(value, attribute),
        "color" => color(value),
        "date" => kept(value, is_date(value)),
        "month" => kept(value, is_date(&format!("{value}-01"))),
        "week" => kept(value, is_week(value)),
        "time" => kept(value, time(value).is_some()),
        "datetime-local" => moment(value),
        _ => one_line(value),
    }
}

/// A text without the line breaks that a field of one line cannot hold.
pub(super) fn one_line(value: &str) -> String {
    value.replace(['\r', '\n'], "")
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
}

fn kept(value: &str, is_valid: bool) -> String {
    if is_valid { value } else { "" }.to_owned()
}

/// A number as HTML writes it: `-1.5e3`, and no `+1`, `1.` or `inf`.
fn number(value: &str) -> Option<f64> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match value.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (value, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let is_valid = match mantissa.split_once('.') {
        Some((whole, part)) => (whole.is_empty() || digits(whole)) && digits(part),
        None => digits(mantissa),
    };
    if !is_valid || !exponent.is_none_or(digits) {
        return None;
    }
    value.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The number within its bounds and on one of its steps; in the middle, if it is none.
fn range<'a>(value: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> String {
    let bound = |name, unless| attribute(name).and_then(number).unwrap_or(unless);
    let (least, most) = (bound("min", 0.0), bound("max", 100.0));
    let middle = if most < least {
        least
    } else {
        least + (most - least) / 2.0
    };
    let mut chosen = number(value).unwrap_or(middle);
    chosen = chosen.min(most).max(least);
    let any = attribute("step").is_some_and(|step| step.eq_ignore_ascii_case("any"));
    let step = Some(bound("step", 1.0)).filter(|step| *step > 0.0);
    if !any {
        let step = step.unwrap_or(1.0);
        let from = bound("min", bound("value", 0.0));
        // Halves go up.
        let on_step = from + ((chosen - from) / step + 0.5).floor() * step;
        chosen = if on_step > most && most >= least {
            on_step - step
        } else {
            on_step
        };
    }
    chosen.to_string()
}

/// `#aabbcc`, in small letters; black, if it is none.
fn color(value: &str) -> String {
    match value.strip_prefix('#') {
        Some(hex) if hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            value.to_ascii_lowercase()
        }
        Some(_) | None => "#000000".to_owned(),
    }
}

/// `2026-11-22`
fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<Date>().is_ok_and(|date| date.year() > 0)
}

/// `2026-W47`
fn is_week(value: &str) -> bool {
    let Some((year, week)) = value.split_once("-W") else {
        return false;
    };
    let (Ok(year), Ok(week)) = (year.parse::<i16>(), week.parse::<i8>()) else {
        return false;
    };
    value.len() == 8 && year > 0 && ISOWeekDate::new(year, week, Weekday::Monday).is_ok()
}

/// Hour, minute, second and thousandth of `07:30`, `07:30:15` or `07:30:15.5`.
fn time(value: &str) -> Option<[u32; 4]> {
    let (clock, part) = value.split_once('.').unwrap_or((value, "0"));
    let clock: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match clock[..] {
        [hour, minute] if !value.contains('.') => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let below = |text: &str, most: u32| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number| is_number && *number < most)
    };
    if part.is_empty() || part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse().ok()?;
    Some([
        below(hour, 24)?,
        below(minute, 60)?,
        below(second, 60)?,
        thousandths,
    ])
}

/// `2026-11-22T07:30`, the shortest text that says the same.
fn moment(value: &str) -> String {
    let parts = value
        .split_once(['T', ' '])
        .filter(|(date, _)| is_date(date));
    let Some((date, [hour, minute, second, thousandths])) =
        parts.and_then(|(date, clock)| Some((date, time(clock)?)))
    else {
        return String::new();
    };
    let mut shown = format!("{date}T{hour:02}:{minute:02}");
    if second != 0 || thousandths != 0 {
        shown.push_str(&format!(":{second:02}"));
    }
    if thousandths != 0 {
        shown.push_str(format!(".{thousandths:03}").trim_end_matches('0'));
    }
    shown
}
