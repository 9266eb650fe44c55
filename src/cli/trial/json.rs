//! A trial as lines of JSON, for programs.

use std::{io::Write as _, time::Duration};

use serde_json::{Value, json};

use super::told::{Answer, Held, Told, shown_value};
use crate::{
    cli::{CliError, Context},
    engine::{Asked, Deed, Witnessed},
    exchange::mask::{Known, Secrets},
    graph::Graph,
    source::Sources,
};

/// What a trial is seen with.
pub(super) struct Seen<'s> {
    pub(super) graph: &'s Graph,
    pub(super) sources: &'s Sources,
    pub(super) secrets: &'s Secrets,
}

/// Writes a line of what a user did; nothing of what went well if `quiet`.
pub(super) fn write(
    witnessed: &Witnessed,
    seen: &Seen<'_>,
    quiet: bool,
    ctx: &mut Context,
) -> Result<(), CliError> {
    let Seen { graph, secrets, .. } = seen;
    let mut line = match &witnessed.deed {
        Deed::Asked(asked) if quiet && asked.failure.is_none() => return Ok(()),
        Deed::Asked(asked) => request(asked, seen),
        Deed::Broke { what, why } => json!({ "broken": what, "why": secrets.hide(why) }),
        Deed::StartFailed => json!({ "start_failed": true }),
        _ if quiet => return Ok(()),
        Deed::Set(values) => {
            let value = |name: &str, value| shown_value(name, value, &Known::secrets(secrets));
            let values = values.iter().map(|(var, set)| {
                let name = graph.vars[var.index()].to_string();
                let set = value(&name, set);
                (name, Value::from(set))
            });
            json!({ "set": values.collect::<serde_json::Map<_, _>>() })
        }
        Deed::Logged(text) => json!({ "log": secrets.hide(text) }),
        Deed::Recorded { name, ok } => json!({ "record": secrets.hide(name), "ok": ok }),
        Deed::Skipped(skip) => json!({ "skipped": &*graph.skips[skip.index()] }),
        Deed::Ended => return Ok(()),
    };
    line["user"] = witnessed.user.into();
    line["class"] = (*graph.class(witnessed.class).name).into();
    writeln!(ctx.stdout, "{line}")?;
    Ok(())
}

fn request(asked: &Asked, seen: &Seen<'_>) -> Value {
    let told = Told::of(asked, seen.graph, seen.sources, seen.secrets);
    let request = told.request.as_ref().map(|request| {
        json!({
            "line": request.line,
            "headers": request.headers,
            "body": request.body,
            "curl": request.curl.to_string(),
        })
    });
    let checks = told.checks.iter().map(|(check, held)| {
        let held = match held {
            Held::Yes => Value::from(true),
            Held::No => Value::from(false),
            Held::NotLookedAt => Value::Null,
        };
        json!({ "expected": check, "held": held })
    });
    let extracted = told.extracted.iter().cloned();
    json!({
        "name": told.name,
        "place": told.place,
        "request": request,
        "answer": told.answer.as_ref().map(answer),
        "expect": checks.collect::<Vec<_>>(),
        "extracted": extracted.map(|(name, value)| (name, value.into())).collect::<serde_json::Map<_, _>>(),
        "failure": told.failure.as_ref().map(|(kind, detail)| json!({ "kind": kind, "detail": detail })),
    })
}

fn answer(answer: &Answer) -> Value {
    let phases = answer
        .phases
        .iter()
        .map(|(kind, time)| (kind.code().to_owned(), ms(time).into()));
    let headers = answer
        .head
        .headers
        .iter()
        .map(|(name, value)| json!([name, value]));
    json!({
        "status": answer.head.status,
        "headers": headers.collect::<Vec<_>>(),
        "redirects": answer.redirects,
        "ended_at": answer.ended_at,
        "time_ms": ms(answer.took),
        "connections": answer.phases.connections,
        "phases_ms": phases.collect::<serde_json::Map<_, _>>(),
        "received_bytes": answer.received_bytes,
        "body_beginning": answer.head.body_beginning,
    })
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
