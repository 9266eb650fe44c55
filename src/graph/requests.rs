//! Compiling requests: defaults merged, templates and selectors compiled.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use url::Url;

use super::{
    Aim, Auth, Field, Keeps, NamedPart, Part, Payload, Request, RequestName,
    answers::{checks, extracts},
    auth, codes, files, name,
    reader::{LeafReader, Uses},
    setters::setter,
    submit::Submit,
};
use crate::{
    base::{
        ids::{ClassId, RequestId, RowId},
        redirects::{MAX_REDIRECTS, Redirects, hop_name},
        timeouts::Timeouts,
    },
    exchange::{self, BodyUse},
    plan::ast::{self, Text, Timeout},
    source::{Diagnostic, Span, Spanned},
    template::{Escape, Template},
};

/// Each limit from the first level that says it.
fn timeouts(levels: [&Timeout; 3]) -> Timeouts {
    let first = |limit: fn(&Timeout) -> &Option<Spanned<Duration>>| {
        let mut limits = levels.into_iter().filter_map(|level| limit(level).as_ref());
        limits.next().map(|limit| limit.value)
    };
    let unless_said = Timeouts::of_total(DEFAULT_TIMEOUT);
    Timeouts {
        total: first(|level| &level.total).unwrap_or(unless_said.total),
        connect: first(|level| &level.connect).unwrap_or(unless_said.connect),
        response: first(|level| &level.response).or(unless_said.response),
    }
}

/// How long a request may take, redirects and body included, unless the plan says.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The requests of a plan, each once for every class that makes it.
pub(super) struct Requests<'a> {
    plan: &'a ast::Plan,
    compiled: Vec<Option<Request>>,
    uses: Vec<Uses>,
    known: HashMap<(Span, ClassId), RequestId>,
    /// Places of the requests that some class makes.
    made: HashSet<Span>,
    rows: Vec<Arc<str>>,
    row_ids: HashMap<Arc<str>, RowId>,
    has_templated_names: bool,
    /// Names that hops of chains can have, where each is a request of its own.
    hops: HashSet<Arc<str>>,
}

/// Request names, by row.
type Rows = Box<[Arc<str>]>;

impl<'a> Requests<'a> {
    pub(super) fn new(plan: &'a ast::Plan) -> Requests<'a> {
        Requests {
            plan,
            compiled: Vec::new(),
            uses: Vec::new(),
            known: HashMap::new(),
            made: HashSet::new(),
            rows: Vec::new(),
            row_ids: HashMap::new(),
            has_templated_names: false,
            hops: HashSet::new(),
        }
    }

    /// The request as a class makes it; compiled when first met.
    pub(super) fn add(
        &mut self,
        class_id: ClassId,
        class: &ast::Class,
        request: &ast::Request,
        reader: &mut LeafReader<'_>,
    ) -> RequestId {
        let key = (request.place(), class_id);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = RequestId::at(self.compiled.len());
        let mut uses = Uses::default();
        let compiled = self.compile(&class.defaults, request, reader, &mut uses);
        self.compiled.push(compiled);
        self.uses.push(uses);
        self.known.insert(key, id);
        self.made.insert(request.place());
        id
    }

    /// Whether users of a class make a request.
    pub(super) fn is_made_by(&self, class: ClassId, request: &ast::Request) -> bool {
        self.known.contains_key(&(request.place(), class))
    }

    pub(super) fn uses(&self, id: RequestId) -> &Uses {
        &self.uses[id.index()]
    }

    /// Where the plan says which form a request is, if it is one.
    pub(super) fn form(&self, id: RequestId) -> Option<Span> {
        let request = self.compiled[id.index()].as_ref()?;
        match request.aim {
            Aim::Form(_) => Some(request.place),
            Aim::Url { .. } => None,
        }
    }

    /// Something later reads the answer of a request.
    pub(super) fn keep(&mut self, id: RequestId, body: BodyUse) {
        if let Some(request) = &mut self.compiled[id.index()] {
            request.keep(body);
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Arc<str>> {
        self.rows.iter()
    }

    /// Names that hops of chains can have.
    pub(super) fn hops(&self) -> &HashSet<Arc<str>> {
        &self.hops
    }

    /// Whether any request makes up its name only when it is sent.
    pub(super) fn has_templated_names(&self) -> bool {
        self.has_templated_names
    }

    /// Names and requests; `None` if one of them could not be compiled.
    pub(super) fn into_parts(self) -> Option<(Rows, Box<[Request]>)> {
        Some((
            self.rows.into(),
            self.compiled.into_iter().collect::<Option<_>>()?,
        ))
    }

    /// Looks at a request that no class makes, only for the mistakes in it.
    pub(super) fn examine(&mut self, request: &ast::Request, reader: &mut LeafReader<'_>) {
        if !self.made.contains(&request.place()) {
            let rows = self.rows.len();
            let templated = self.has_templated_names;
            self.compile(
                &ast::Defaults::default(),
                request,
                reader,
                &mut Uses::default(),
            );
            // It will never be sent, so it has no row that a threshold could mean.
            for name in self.rows.drain(rows..) {
                self.row_ids.remove(&name);
            }
            self.has_templated_names = templated;
        }
    }

    fn compile(
        &mut self,
        class: &ast::Defaults,
        request: &ast::Request,
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<Request> {
        let target = self.plan.target.as_ref().map(|target| &target.value);

        // Nothing returns early: every leaf is looked at, so that all mistakes show.
        let aim = aim(&request.aim, reader, uses);
        let name = self.name(request, target, reader, uses);
        let said = [
            (request.auth.as_ref(), &*request.headers),
            (class.auth.as_ref(), &*class.headers),
            (
                self.plan.defaults.auth.as_ref(),
                &*self.plan.defaults.headers,
            ),
        ];
        let headers = headers(said, reader, uses);
        let auth = Auth::compile(said, reader, uses);
        let query = fields(&request.query, reader, uses);
        let payload = request
            .payload
            .as_ref()
            .map(|payload| self::payload(payload, reader, uses));
        let levels = [&request.expect, &class.expect, &self.plan.defaults.expect];
        let checks = checks(levels, reader, uses);
        let extracts = extracts(&request.extract, reader, uses);
        let timeouts = timeouts([
            &request.timeout,
            &class.timeout,
            &self.plan.defaults.timeout,
        ]);
        let redirects = [
            &request.redirects,
            &class.redirects,
            &self.plan.defaults.redirects,
        ]
        .into_iter()
        .flatten()
        .next()
        .map_or(Redirects::default(), |redirects| redirects.value);
        if let (Redirects::Each, Some(RequestName::Known(row))) = (redirects, &name) {
            let first = self.rows[row.index()].clone();
            let hops = (1..=MAX_REDIRECTS).map(|redirect| hop_name(&first, redirect).into());
            self.hops.extend(hops);
        }

        let (checks, extracts) = (checks?, extracts?);
        let reads_body = extracts.iter().any(|(_, each)| each.reads_body())
            || checks.iter().any(|each| each.check.reads_body());
        let mut request = Request {
            place: request.place(),
            name: name?,
            aim: aim?,
            headers: headers?,
            auth: auth?,
            query: query?,
            payload: payload.map_or(Some(None), |payload| payload.map(Some))?,
            redirects,
            timeouts,
            checks,
            extracts,
            body_use: if reads_body {
                BodyUse::Keep
            } else {
                BodyUse::Count
            },
            keeps: Keeps::Nothing,
            ready: None,
        };
        request.prepare(target);
        Some(request)
    }

    fn name(
        &mut self,
        request: &ast::Request,
        target: Option<&Url>,
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<RequestName> {
        let known = match &request.name {
            Some(text) => {
                let template = reader.template(text, Escape::None, &mut uses.reads)?;
                match template.literal() {
                    Some(literal) => literal.to_owned(),
                    None => {
                        self.has_templated_names = true;
                        return Some(RequestName::Templated(template));
                    }
                }
            }
            // A URL that does not parse has been reported with its place.
            None => name::of_aim(&request.aim, target)?,
        };
        let name: Arc<str> = known.into();
        let next = RowId::at(self.rows.len());
        let row = *self.row_ids.entry(name.clone()).or_insert(next);
        if row == next {
            self.rows.push(name);
        }
        Some(RequestName::Known(row))
    }
}

fn aim(aim: &ast::Aim, reader: &mut LeafReader<'_>, uses: &mut Uses) -> Option<Aim> {
    Some(match aim {
        ast::Aim::Url { method, url } => Aim::Url {
            method: *method,
            url: self::url(url, reader, uses)?,
        },
        ast::Aim::Form(submit) => Aim::Form(Submit::compile(submit, reader, uses)?),
    })
}

fn url(text: &Text, reader: &mut LeafReader<'_>, uses: &mut Uses) -> Option<Template> {
    let template = reader.template(text, Escape::Url, &mut uses.reads)?;
    let begins = &text.value;
    if ["/", "http://", "https://", "{{"]
        .iter()
        .any(|begin| begins.starts_with(begin))
    {
        return Some(template);
    }
    reader.found.push_once(
        Diagnostic::error(
            codes::URL,
            format!("`{begins}` is neither a path nor a whole URL"),
        )
        .at(text.span, "here")
        .help(format!(
            "begin it with `/` (`/{begins}`) or with `http://` or `https://`"
        )),
    );
    None
}

fn headers(
    levels: auth::Levels<'_>,
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Box<[Field]>> {
    // Per name, whatever its letters' case; the nearest one wins.
    let mut merged: Vec<&(Text, Text)> = Vec::new();
    let say_who = auth::headers_that_count(levels);
    let fields = levels
        .iter()
        .enumerate()
        .rev()
        .flat_map(|(level, (_, headers))| {
            let counts = move |(name, _): &&(Text, Text)| level < say_who || !auth::is_auth(name);
            headers.iter().filter(counts)
        });
    for field in fields {
        merged.retain(|known| !known.0.value.eq_ignore_ascii_case(&field.0.value));
        merged.push(field);
    }
    let mut fields = Some(Vec::with_capacity(merged.len()));
    for (name, value) in merged {
        let value = reader.template(value, Escape::None, &mut uses.reads);
        let field = match exchange::header_name(&name.value) {
            Ok(name) => value.map(|value| Field { name, value }),
            // What cannot be a name at all, the reader has said already.
            Err(_) if reader.found.speak_of(name.span) => None,
            Err(why) => {
                let message = format!("`{}` is no name of a header: {why}", name.value);
                reader
                    .found
                    .push(Diagnostic::error(codes::HEADER, message).at(name.span, "here"));
                None
            }
        };
        collect(&mut fields, field);
    }
    fields.map(Vec::into_boxed_slice)
}

fn payload(
    payload: &ast::Payload,
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Payload> {
    Some(match payload {
        ast::Payload::Form(form) => Payload::Form(fields(form, reader, uses)?),
        ast::Payload::Json(value) => Payload::Json(setter(value, reader, &mut uses.reads)?),
        ast::Payload::Text(text) => {
            Payload::Text(reader.template(text, Escape::None, &mut uses.reads)?)
        }
        ast::Payload::Multipart(parts) => Payload::Multipart(self::parts(parts, reader, uses)?),
        ast::Payload::File(file) => Payload::File {
            content_type: files::content_type(file),
            content: reader.files.content(file)?,
        },
    })
}

fn parts(
    parts: &[(Text, ast::Part)],
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Box<[NamedPart]>> {
    let mut compiled = Some(Vec::with_capacity(parts.len()));
    for (name, part) in parts {
        let part = Part::compile(part, reader, uses);
        collect(
            &mut compiled,
            part.map(|part| NamedPart {
                name: name.value.as_str().into(),
                part,
            }),
        );
    }
    compiled.map(Vec::into_boxed_slice)
}

fn fields(
    fields: &[(Text, Text)],
    reader: &mut LeafReader<'_>,
    uses: &mut Uses,
) -> Option<Box<[Field]>> {
    let mut compiled = Some(Vec::with_capacity(fields.len()));
    for (name, value) in fields {
        let value = reader.template(value, Escape::None, &mut uses.reads);
        collect(
            &mut compiled,
            value.map(|value| Field {
                name: name.value.as_str().into(),
                value,
            }),
        );
    }
    compiled.map(Vec::into_boxed_slice)
}

/// Adds an item, or loses all once one is missing.
pub(super) fn collect<T>(items: &mut Option<Vec<T>>, item: Option<T>) {
    match item {
        Some(item) => {
            if let Some(items) = items {
                items.push(item);
            }
        }
        None => *items = None,
    }
}
