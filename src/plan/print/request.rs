//! Requests, in their one spelling.

use serde_json::Value;

use super::{
    Mapping,
    answer::{expect, extract},
    literal, named, named_from_root, texts,
};
use crate::{
    plan::{
        ast::{Aim, Auth, OnFail, Part, Payload, Request, Submit, Text},
        keys::NO_AUTH,
    },
    source::Sources,
};

pub(super) fn step(request: &Request, sources: &Sources) -> Mapping {
    let mut out = match &request.aim {
        Aim::Url { method, url } => {
            Mapping::with(&method.as_str().to_ascii_lowercase(), url.as_str())
        }
        Aim::Form(submit) => submission(submit, sources),
    };
    out.text("name", request.name.as_ref());
    out.mapping(
        "query",
        several(&request.query, |text| text.as_str().into()),
    );
    out.mapping("headers", texts(&request.headers));
    out.auth(request.auth.as_deref());
    match &request.payload {
        None => {}
        // An empty form is a body too.
        Some(Payload::Form(form)) => {
            let form = several(form, |text| text.as_str().into());
            out.put("form", Value::Object(form.0));
        }
        Some(Payload::Json(value)) => out.put("json", literal(value)),
        Some(Payload::Text(text)) => out.put("body", text.as_str()),
        Some(Payload::Multipart(parts)) => {
            let parts = several(parts, |part| self::part(part, sources));
            out.put("multipart", Value::Object(parts.0));
        }
        Some(Payload::File(file)) => out.put("body_file", named_from_root(file, sources)),
    }
    out.timeout(&request.timeout);
    out.redirects(request.redirects.as_ref());
    out.mapping("expect", expect(&request.expect));
    out.mapping(
        "extract",
        named(&request.extract, |each| (&each.name, extract(each))),
    );
    match request.on_fail {
        OnFail::LeaveTask => {}
        OnFail::Continue => out.put("on_fail", "continue"),
        OnFail::StopUser => out.put("on_fail", "stop_user"),
        OnFail::StopRun => out.put("on_fail", "stop_run"),
    }
    out
}

impl Mapping {
    pub(super) fn auth(&mut self, auth: Option<&Auth>) {
        match auth {
            None => {}
            Some(Auth::None) => self.put("auth", NO_AUTH),
            Some(Auth::Basic { user, password }) => {
                let mut basic = Mapping::with("user", user.as_str());
                basic.put("password", password.as_str());
                self.mapping("auth", Mapping::with("basic", Value::Object(basic.0)));
            }
            Some(Auth::Bearer(token)) => {
                self.mapping("auth", Mapping::with("bearer", token.as_str()));
            }
        }
    }
}

fn submission(submit: &Submit, sources: &Sources) -> Mapping {
    let mut out = Mapping::with("submit", submit.form.as_str());
    out.mapping(
        "fields",
        named(&submit.fields, |(name, values)| {
            let values = values.iter().map(|value| part(value, sources));
            (name, one_or_list(values.collect()))
        }),
    );
    out.text("button", submit.button.as_ref());
    out
}

fn part(part: &Part, sources: &Sources) -> Value {
    let upload = match part {
        Part::Text(text) => return text.as_str().into(),
        Part::File(upload) => upload,
    };
    let mut out = Mapping::with("file", named_from_root(&upload.file, sources));
    out.text("type", upload.content_type.as_ref());
    out.text("filename", upload.filename.as_ref());
    Value::Object(out.0)
}

/// Fields of which several in a row may have one name.
fn several<T>(fields: &[(Text, T)], value: impl Fn(&T) -> Value) -> Mapping {
    let groups = fields.chunk_by(|(one, _), (next, _)| one.value == next.value);
    let groups = groups.map(|group| {
        let values = group.iter().map(|(_, each)| value(each));
        (group[0].0.value.clone(), one_or_list(values.collect()))
    });
    Mapping(groups.collect())
}

fn one_or_list(mut values: Vec<Value>) -> Value {
    if values.len() == 1 {
        values.remove(0)
    } else {
        Value::Array(values)
    }
}
