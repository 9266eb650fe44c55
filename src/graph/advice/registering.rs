//! Values that are registered, and that two users, runs or rounds would share.
//!
//! A registration is known by its path and by the names of its fields. Both are
//! held against short lists: what is not in them is not spoken of, since a wrong
//! warning costs more than a missing one.

use super::{Known, rounds::Repeated};
use crate::{
    base::{ids::ClassId, method::Method},
    graph::{
        codes,
        origins::{Origin, Sources, Whose},
    },
    plan::ast::{Aim, Class, Literal, Part, Payload, Request, Step},
    source::{Diagnostic, Diagnostics, Span},
};

/// Segments of a path at which somebody new is made known.
const REGISTERING: [&str; 9] = [
    "register",
    "registration",
    "registrations",
    "signup",
    "sign_up",
    "sign-up",
    "create_account",
    "create-account",
    "createaccount",
];

/// Fields whose value a target takes once only, in lower case, letters only.
const ONLY_ONCE: [&str; 10] = [
    "account",
    "email",
    "emailaddress",
    "handle",
    "login",
    "mail",
    "nick",
    "nickname",
    "user",
    "username",
];

/// What makes the values of two users differ.
const OF_A_USER: [Origin; 4] = [Origin::UserId, Origin::Draw, Origin::Data, Origin::Answer];

/// What makes the values of two runs differ.
const OF_A_RUN: [Origin; 4] = [Origin::RunId, Origin::Draw, Origin::Time, Origin::Answer];

/// What makes the values of one user differ from round to round.
const OF_A_ROUND: [Origin; 5] = [
    Origin::Iteration,
    Origin::Draw,
    Origin::Data,
    Origin::Time,
    Origin::Answer,
];

pub(super) fn check<'a>(known: &Known<'a>, sources: &Sources<'a>, found: &mut Diagnostics) {
    let registrations: Vec<&Request> = known
        .plan
        .steps()
        .filter_map(Step::request)
        .filter(|request| is_registration(request))
        .collect();
    if registrations.is_empty() {
        return;
    }
    let repeated = Repeated::of_classes(known.plan);
    for request in registrations {
        for field in fields(request).filter(|field| is_only_once(field.name)) {
            let sharing = sharing(known, sources, &repeated, request, field);
            if let Some(diagnostic) = told(&sharing, sources, field) {
                found.push_once(diagnostic);
            }
        }
    }
}

/// A value that is sent under a name.
#[derive(Clone, Copy, Debug)]
struct Field<'a> {
    name: &'a str,
    text: &'a str,
    span: Span,
}

/// The fields of a form, and those of JSON in whatever mapping they lie.
fn fields(request: &Request) -> impl Iterator<Item = Field<'_>> {
    let mut fields = Vec::new();
    match &request.payload {
        Some(Payload::Form(written)) => fields.extend(written.iter().map(|(name, value)| Field {
            name: &name.value,
            text: &value.value,
            span: value.span,
        })),
        Some(Payload::Json(value)) => of_json(&value.value, &mut fields),
        Some(Payload::Multipart(parts)) => {
            let texts = parts.iter().filter_map(|(name, part)| match part {
                Part::Text(value) => Some((name, value)),
                Part::File(_) => None,
            });
            fields.extend(texts.map(|(name, value)| Field {
                name: &name.value,
                text: &value.value,
                span: value.span,
            }));
        }
        Some(Payload::Text(_) | Payload::File(_)) | None => {}
    }
    fields.into_iter()
}

fn of_json<'a>(value: &'a Literal, fields: &mut Vec<Field<'a>>) {
    match value {
        Literal::Plain(_) | Literal::Text(_) => {}
        Literal::List(items) => items.iter().for_each(|item| of_json(&item.value, fields)),
        Literal::Map(items) => {
            for (name, item) in items {
                if let Literal::Text(text) = &item.value {
                    fields.push(Field {
                        name: &name.value,
                        text,
                        span: item.span,
                    });
                }
                of_json(&item.value, fields);
            }
        }
    }
}

fn is_registration(request: &Request) -> bool {
    // Where a form leads is known only when it is there.
    let Aim::Url { method, url } = &request.aim else {
        return false;
    };
    let sends = match method {
        Method::Post | Method::Put => true,
        Method::Get | Method::Patch | Method::Delete | Method::Head | Method::Options => false,
    };
    let path = url.value.split(['?', '#']).next().unwrap_or("");
    sends
        && path.split('/').any(|segment| {
            let segment = segment.split('.').next().unwrap_or("");
            let mut known = REGISTERING.iter();
            known.any(|known| segment.eq_ignore_ascii_case(known))
        })
}

/// `username`, `User-Name`, `user[email]`.
fn is_only_once(field: &str) -> bool {
    let last = field.trim_end_matches(']');
    let last = last.rsplit(['[', '.']).next().unwrap_or(last);
    let letters = last.chars().filter(|sign| sign.is_alphanumeric());
    let letters = letters.collect::<String>().to_lowercase();
    ONLY_ONCE.contains(&letters.as_str())
}

/// Who would register a value that somebody else registers too.
struct Sharing<'a> {
    /// Classes whose users all have the same, and how many those are together.
    users: Vec<&'a Class>,
    number: u32,
    /// Whether the users of other classes have values of their own.
    others: bool,
    /// A class whose users have the same in the next run.
    runs: Option<&'a Class>,
    /// A class whose users have the same in the next round.
    rounds: Option<&'a Class>,
    /// Whether it is registered in rounds at all.
    repeated: bool,
}

fn sharing<'a>(
    known: &Known<'a>,
    sources: &Sources<'a>,
    repeated: &[Repeated],
    request: &Request,
    field: Field<'a>,
) -> Sharing<'a> {
    let mut sharing = Sharing {
        users: Vec::new(),
        number: 0,
        others: false,
        runs: None,
        rounds: None,
        repeated: false,
    };
    let renews = sources
        .origins(Whose::SameUser, field.text)
        .has_any(&OF_A_ROUND);
    for (index, class) in known.plan.users.iter().enumerate() {
        if !known.requests.is_made_by(ClassId::at(index), request) {
            continue;
        }
        let origins = sources.origins(Whose::Class(class), field.text);
        if origins.has_any(&OF_A_USER) {
            sharing.others = true;
        } else {
            sharing.users.push(class);
            sharing.number += known.numbers.get(index).copied().unwrap_or(0);
        }
        if !origins.has_any(&OF_A_RUN) {
            sharing.runs = sharing.runs.or(Some(class));
        }
        if repeated[index].has(request) {
            sharing.repeated = true;
            if !renews {
                sharing.rounds = sharing.rounds.or(Some(class));
            }
        }
    }
    sharing
}

/// The worst of it: who mends that will be told of the rest.
fn told(sharing: &Sharing<'_>, sources: &Sources<'_>, field: Field<'_>) -> Option<Diagnostic> {
    let name = field.name;
    let unique = if sharing.repeated {
        "'u{{ run.id }}_{{ user.id }}_{{ iteration }}'"
    } else {
        "'u{{ run.id }}_{{ user.id }}'"
    };
    let (class, diagnostic) = if sharing.number > 1 {
        let first = *sharing.users.first()?;
        let who = if sharing.others {
            format!("users of `{}`", first.name.value)
        } else {
            "users".to_owned()
        };
        let message = format!("all {who} would register the same `{name}`");
        let diagnostic = Diagnostic::warning(codes::SHARED_BY_USERS, message)
            .at(field.span, "nothing of the user is in it")
            .help(format!(
                "make it of what nobody else has, such as `{unique}`"
            ));
        (first, diagnostic)
    } else if let Some(class) = sharing.runs {
        let message = format!("the next run would register the same `{name}` again");
        let diagnostic = Diagnostic::warning(codes::SHARED_BY_RUNS, message)
            .at(field.span, "nothing of the run is in it")
            .help(format!(
                "put `{{{{ run.id }}}}` into it, such as `{unique}`"
            ));
        (class, diagnostic)
    } else {
        let class = sharing.rounds?;
        let message = format!("a user would register the same `{name}` in every round");
        let diagnostic = Diagnostic::warning(codes::SHARED_BY_ROUNDS, message)
            .at(field.span, "worked out once for each user")
            .help(format!(
                "register in `on_start` of `{}`, or make it anew, such as `{unique}`",
                class.name.value
            ));
        (class, diagnostic)
    };
    Some(match sources.first_variable(class, field.text) {
        Some(variable) => diagnostic.at(variable.value.span, "set here"),
        None => diagnostic,
    })
}
