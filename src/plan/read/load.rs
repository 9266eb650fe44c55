//! How much load when.

use std::time::Duration;

use super::{
    codes,
    collection::full_list,
    context::Context,
    extract::truth,
    fields::Fields,
    find::find,
    node::{Node, shortened},
    value,
};
use crate::{
    base::rate::{self, Rate, Spread},
    plan::{
        ast::{Change, Level, Load, Stage, Staircase},
        keys::{self, SPREADS, Section},
    },
    source::{Diagnostic, Spanned},
};

/// `load` of a plan or of an environment.
pub(super) fn load(node: &Node, ctx: &mut Context<'_>) -> Option<Load> {
    let mut fields = Fields::open(&keys::LOAD, node, ctx)?;
    let graceful_stop = fields.field("graceful_stop", ctx, value::duration);
    let load = common(&keys::LOAD, fields, ctx);
    Some(Load {
        graceful_stop,
        ..load
    })
}

/// `load` of a class.
pub(super) fn class_load(node: &Node, ctx: &mut Context<'_>) -> Option<Load> {
    let mut fields = Fields::open(&keys::CLASS_LOAD, node, ctx)?;
    let start_after = fields.field("start_after", ctx, value::duration);
    let load = common(&keys::CLASS_LOAD, fields, ctx);
    Some(Load {
        start_after,
        span: ctx.key_span(),
        ..load
    })
}

/// What both have.
fn common(section: &'static Section, mut fields: Fields<'_>, ctx: &mut Context<'_>) -> Load {
    debug_assert!(section.key("users").is_some());
    let users = fields.key_span("users");
    let duration = fields.key_span("duration");
    let whole = |node: &Node, ctx: &mut Context<'_>| value::whole(node, ctx, 1);
    let load = Load {
        // A wrong value was told of; one in its place keeps later checks from
        // saying that it is missing. They know that no number of users is 0.
        users: fields
            .field("users", ctx, whole)
            .or_else(|| Some(Spanned::new(0, users?))),
        arrivals: fields.field("arrivals", ctx, rate),
        max_users: fields.field("max_users", ctx, whole),
        spread: fields.field("spread", ctx, spread),
        stages: fields.field("stages", ctx, stages),
        steps: fields.field("steps", ctx, |node, ctx| {
            Some(Spanned::new(staircase(node, ctx)?, node.span))
        }),
        find: match section.key("find") {
            Some(_) => fields.field("find", ctx, find),
            None => None,
        },
        iterations: fields.field("iterations", ctx, whole),
        per_user: fields.field("per_user", ctx, whole),
        ramp_up: fields.field("ramp_up", ctx, value::duration),
        duration: fields
            .field("duration", ctx, value::duration)
            .or_else(|| Some(Spanned::new(Duration::from_secs(1), duration?))),
        ramp_down: fields.field("ramp_down", ctx, value::duration),
        graceful_stop: None,
        start_after: None,
        span: None,
    };
    let keys = [
        (load.arrivals.is_none(), "arrivals"),
        (
            load.stages.as_ref().is_none_or(|stages| stages.is_empty()),
            "stages",
        ),
        (load.steps.is_none(), "steps"),
        (load.find.is_none(), "find"),
    ];
    let unread = keys.into_iter().filter(|(unread, _)| *unread);
    let unread = unread.filter_map(|(_, key)| fields.key_span(key)).next();
    fields.close(ctx);
    match unread {
        // The same: whatever is said of the rest would be about something else.
        Some(place) => Load {
            users: Some(Spanned::new(0, place)),
            ..Load::default()
        },
        None => load,
    }
}

fn spread(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Spread>> {
    let spread = match value::choice(node, ctx, SPREADS)? {
        "even" => Spread::Even,
        "poisson" => Spread::Poisson,
        word => unreachable!("`{word}` is in the table and not here"),
    };
    Some(Spanned::new(spread, node.span))
}

fn stages(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Vec<Stage>>> {
    let stages = full_list(node, ctx, "a list of stages", stage)?;
    Some(Spanned::new(stages, node.span))
}

fn stage(node: &Node, ctx: &mut Context<'_>) -> Option<Stage> {
    let mut fields = Fields::open(&keys::STAGE, node, ctx)?;
    let name = fields.field("name", ctx, value::full_text);
    let is_way = fields.key_span("to");
    let to = fields.field("to", ctx, level);
    let has_over = fields.key_span("over").is_some();
    let over = fields.field("over", ctx, value::duration);
    let hold = fields.field("hold", ctx, value::duration);
    let pause = fields.field("pause", ctx, value::duration);
    let steady = fields.field("steady", ctx, |node, ctx| {
        Some(Spanned::new(truth(node, ctx)?, node.span))
    });
    fields.close(ctx);
    if let Some(place) = is_way
        && !has_over
    {
        let path = ctx.path();
        ctx.tell(
            Diagnostic::error(
                codes::MISSING,
                format!("`{path}.over` is missing: the time of the way there"),
            )
            .at(place, "how long does it take to get there?")
            .help("write `over: 30s`, or `over: 0s` to jump"),
        );
    }
    let change = match (to, over, hold, pause) {
        (Some(level), Some(over), ..) => Change::To { level, over },
        (None, None, Some(time), None) => Change::Hold(time),
        (None, None, None, Some(time)) => Change::Pause(time),
        // What is missing or too much was told of.
        _ => return None,
    };
    Some(Stage {
        name,
        change,
        steady,
        span: node.span,
    })
}

fn staircase(node: &Node, ctx: &mut Context<'_>) -> Option<Staircase> {
    let mut fields = Fields::open(&keys::STEPS_OF_LOAD, node, ctx)?;
    let from = fields.field("from", ctx, level);
    let by = fields.field("by", ctx, level);
    let to = fields.field("to", ctx, level);
    let over = fields.field("over", ctx, value::duration);
    let hold = fields.field("hold", ctx, value::some_time);
    fields.close(ctx);
    Some(Staircase {
        from,
        by: by?,
        to: to?,
        over,
        hold: hold?,
    })
}

/// `50/s`.
fn rate(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Rate>> {
    let text = value::scalar(node, ctx, &format!("a rate such as {}", rate::EXAMPLES))?;
    match Rate::parse(&text) {
        Ok(rate) => Some(Spanned::new(rate, text.span)),
        Err(why) => {
            let path = ctx.path();
            let message = format!("`{path}`: `{}` is not a rate", shortened(&text));
            let diagnostic =
                Diagnostic::error(codes::BAD_VALUE, message).at(text.span, why.to_string());
            ctx.tell(match rate_meant(&text) {
                Some(meant) => diagnostic.write(text.span, ctx.quoted_at(text.span, &meant)),
                None => diagnostic.help(format!("valid are {}", rate::EXAMPLES)),
            });
            None
        }
    }
}

/// `100 users` or `50/s`.
pub(super) fn level(node: &Node, ctx: &mut Context<'_>) -> Option<Spanned<Level>> {
    let expected = "a level such as `100 users` or `50/s`";
    let text = value::scalar(node, ctx, expected)?;
    if text.contains('/') {
        return Some(rate(node, ctx)?.map(Level::Rate));
    }
    let number = text
        .strip_suffix(" users")
        .or_else(|| text.strip_suffix(" user"));
    if let Some(users) = number.and_then(|number| number.trim().parse().ok()) {
        return Some(Spanned::new(Level::Users(users), text.span));
    }
    let path = ctx.path();
    let message = format!("`{path}`: `{}` is not a level", shortened(&text));
    let diagnostic =
        Diagnostic::error(codes::BAD_VALUE, message).at(text.span, "users or arrivals in a time?");
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    ctx.tell(match digits.parse::<u32>() {
        Ok(number) => {
            let plural = if number == 1 { "" } else { "s" };
            let meant = ctx.quoted_at(text.span, &format!("{number} user{plural}"));
            let help = format!("write `{meant}`, or for arrivals `{number}/s`");
            diagnostic.fix(text.span, meant, help)
        }
        Err(_) => diagnostic.help("valid are `100 users`, `50/s`, `0 users`"),
    });
    None
}

/// `50`, `50 per second`, `50/sec`, `50rps`.
fn rate_meant(text: &str) -> Option<String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start_matches(['/', ' ']);
    let unit = unit.strip_prefix("per ").unwrap_or(unit).trim();
    let unit = match unit {
        "" | "s" | "sec" | "second" | "seconds" | "rps" | "tps" => "s",
        "m" | "min" | "minute" | "minutes" => "m",
        "h" | "hour" | "hours" => "h",
        _ => return None,
    };
    let meant = format!("{number}/{unit}");
    Rate::parse(&meant).ok().map(|_| meant)
}
