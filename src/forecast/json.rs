//! A forecast for programs: all numbers, to six digits.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{Amount, Bound, Caveats, Change, Crowd, Draws, Forecast};
use crate::{base::figures, graph::Find};

/// What is looked for, by how many tries; levels are in users or arrivals per second.
fn of_find(find: &Find) -> Value {
    let Find {
        bounds,
        settle,
        hold,
        graceful_stop,
        cool_down,
    } = find;
    json!({
        "max": bounds.sought.word(),
        "from": bounds.number(bounds.from),
        "to": bounds.number(bounds.to),
        "precision": bounds.precision,
        "settle_s": number(settle.as_secs_f64()),
        "hold_s": number(hold.as_secs_f64()),
        "graceful_stop_s": number(graceful_stop.as_secs_f64()),
        "cool_down_s": number(cool_down.as_secs_f64()),
        "most_tries": find.most_tries(),
        "most_time_s": number(find.most_time().as_secs_f64()),
    })
}

/// Writes a forecast as a JSON object. What has no limit is null.
pub fn json(forecast: &Forecast) -> Value {
    // Taken apart, so that a new field cannot be forgotten here.
    let Forecast {
        plan,
        loads,
        find,
        response,
        classes,
        insecure,
        crowds,
        rows,
        total,
        draws,
        growth,
        caveats,
    } = forecast;
    json!({
        "name": plan.as_ref(),
        "users": loads.iter().map(|load| load.profile.users()).sum::<u32>(),
        "duration_s": loads.first().and_then(|load| load.profile.duration()).map(|time| number(time.as_secs_f64())),
        "find": find.as_ref().map(of_find),
        "assumed": assumed(*response, *caveats),
        "classes": classes
            .iter()
            .map(|(name, users)| json!({ "name": name.as_ref(), "users": users }))
            .collect::<Value>(),
        "insecure": insecure.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "crowds": crowds.iter().map(|crowd| of_crowd(crowd, classes)).collect::<Value>(),
        "requests": rows
            .iter()
            .map(|row| {
                let mut object = amount(row.amount);
                object["name"] = json!(row.name.as_ref());
                object["share"] = json!(row.share.map(number));
                object["bound"] = json!(bound(row.bound));
                object
            })
            .collect::<Value>(),
        "total": amount(*total),
        "data": draws.iter().map(of_draws).collect::<Value>(),
        "growth": growth
            .iter()
            .map(|growth| json!({
                "path": growth.path,
                "created": changes(&growth.created),
                "deleted": changes(&growth.deleted),
                "net": amount(growth.net),
                "bound": bound(growth.bound),
            }))
            .collect::<Value>(),
    })
}

fn of_crowd(crowd: &Crowd, classes: &[(Arc<str>, u32)]) -> Value {
    let (class, _) = &classes[crowd.class.index()];
    let visits = crowd.visits.iter().map(|visit| {
        json!({
            "name": visit.name.as_ref(),
            "once": number(visit.once),
            "each_pass": number(visit.each),
            "at_end": number(visit.end),
            "bound": bound(visit.bound),
        })
    });
    json!({
        "class": class.as_ref(),
        "chosen": crowd.chosen.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        "users": number(crowd.users),
        "pass_s": number(crowd.pass_s),
        "passes": crowd.passes.map(number),
        "visits": visits.collect::<Value>(),
    })
}

fn of_draws(draws: &Draws) -> Value {
    let mut object = amount(draws.amount);
    object["name"] = json!(draws.name.as_ref());
    object["rows"] = json!(draws.rows);
    object["order"] = json!(draws.dealing.order.word());
    object["share"] = json!(draws.dealing.shared_by.word());
    object["at_end"] = json!(draws.dealing.at_end.word());
    object["users"] = json!(draws.users);
    object["needed"] = json!(draws.needed().map(number));
    object["bound"] = json!(bound(draws.bound));
    object
}

fn assumed(response: Duration, caveats: Caveats) -> Value {
    json!({
        "response_s": number(response.as_secs_f64()),
        "when_holds": caveats.guards,
        "if_takes_either_way": caveats.branches,
        "nobody_stops_behind_a_condition": caveats.stops,
        "unknown_loops_go_round_once": caveats.loops,
        "until_holds_after_one_round": caveats.untils,
        "overruns_take_their_mean": caveats.overruns,
        "nobody_waits_at_a_meeting": caveats.meetings,
    })
}

fn changes(changes: &[Change]) -> Value {
    let changes = changes.iter().map(|change| {
        let mut object = amount(change.amount);
        object["name"] = json!(change.name.as_ref());
        object["bound"] = json!(bound(change.bound));
        object
    });
    changes.collect()
}

fn amount(amount: Amount) -> Value {
    json!({ "total": amount.total.map(number), "rate_per_s": amount.rate.map(number) })
}

fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Exact => "exact",
        Bound::AtMost => "at most",
        Bound::AtLeast => "at least",
        Bound::Unclear => "unclear",
    }
}

fn number(number: f64) -> f64 {
    /// More than anybody needs, and fewer than floats spoil.
    const DIGITS: usize = 6;
    figures::round(number, DIGITS)
}
