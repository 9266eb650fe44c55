//! A trial as a conversation, for people.
//!
//! One user after the other, though they all go at once: what the others do is
//! held back until the one before them has left.

use std::{fmt::Write as _, io, io::Write as _, mem};

use anstyle::{AnsiColor, Style};

use super::told::{Answer, Held, Told, shown_value};
use crate::{
    base::{
        figures,
        ids::{ClassId, UserNumber},
        printable::printable,
    },
    cli::Context,
    engine::{Asked, Deed, Witnessed},
    exchange::{
        ShownRequest,
        mask::{Known, Secrets},
    },
    graph::{Graph, Occasion},
    source::{Colour, Sources},
};

/// The column in which places of the plan begin.
const PLACE_COLUMN: usize = 50;

/// Who sets up and who tears down, which are classes of their own.
pub(super) const ALONE: UserNumber = 0;

pub(super) struct Talk {
    secrets: Secrets,
    with_curl: bool,
    quiet: bool,
    /// Whoever sets up, the others in the order of their classes in the plan, and
    /// whoever tears down.
    users: Vec<Spoken>,
}

/// What one user did, as far as it has not been shown.
struct Spoken {
    user: UserNumber,
    class: ClassId,
    text: String,
    /// Its name has not been told.
    is_new: bool,
    is_gone: bool,
}

/// How things look.
struct Looks {
    good: Style,
    bad: Style,
    quiet: Style,
    title: Style,
}

impl Talk {
    pub(super) fn new(graph: &Graph, secrets: Secrets, with_curl: bool, quiet: bool) -> Talk {
        let mut users: Vec<_> = (1..).zip(graph.seats.iter().copied()).collect();
        users.sort_by_key(|(_, class)| *class);
        let alone = |occasion| graph.scene(occasion).map(|class| (ALONE, class));
        let users = alone(Occasion::Setup)
            .into_iter()
            .chain(users)
            .chain(alone(Occasion::Teardown));
        let spoken = |(user, class): (UserNumber, ClassId)| Spoken {
            user,
            class,
            text: String::new(),
            is_new: true,
            is_gone: false,
        };
        Talk {
            secrets,
            with_curl,
            quiet,
            users: users.map(spoken).collect(),
        }
    }

    /// Takes in what a user did, and shows what can be shown by now.
    pub(super) fn add(
        &mut self,
        witnessed: &Witnessed,
        graph: &Graph,
        sources: &Sources,
        ctx: &mut Context,
    ) -> io::Result<()> {
        let looks = Looks::of(ctx.stdout.colour());
        let told = self.tell(witnessed, graph, sources, &looks);
        let mut users = self.users.iter_mut();
        let spoken = users
            .find(|spoken| (spoken.user, spoken.class) == (witnessed.user, witnessed.class))
            .expect("a trial has no users but the first of each seat and of each scene");
        if !told.is_empty() && mem::take(&mut spoken.is_new) {
            let class = printable(&graph.class(spoken.class).name).into_owned();
            let title = looks.title;
            write!(spoken.text, "{title}{class}{title:#}").expect(TAKES_ALL);
            if spoken.user != ALONE {
                write!(spoken.text, ", user {}", spoken.user).expect(TAKES_ALL);
            }
            spoken.text.push_str("\n\n");
        }
        spoken.text.push_str(&told);
        spoken.is_gone = matches!(witnessed.deed, Deed::Ended | Deed::StartFailed);
        self.show(ctx)
    }

    /// Shows what is still held back.
    pub(super) fn finish(mut self, ctx: &mut Context) -> io::Result<()> {
        for spoken in &mut self.users {
            spoken.is_gone = true;
        }
        self.show(ctx)
    }

    /// Shows the first user that is still there, and those before it.
    fn show(&mut self, ctx: &mut Context) -> io::Result<()> {
        for spoken in &mut self.users {
            let text = mem::take(&mut spoken.text);
            ctx.stdout.write_all(text.as_bytes())?;
            if !spoken.is_gone {
                break;
            }
        }
        Ok(())
    }

    fn tell(
        &self,
        witnessed: &Witnessed,
        graph: &Graph,
        sources: &Sources,
        looks: &Looks,
    ) -> String {
        let Looks { bad, quiet, .. } = looks;
        let line = match &witnessed.deed {
            Deed::Asked(asked) if self.quiet && asked.failure.is_none() => return String::new(),
            Deed::Asked(asked) => return self.asked(asked, graph, sources, looks),
            Deed::Broke { what, why } => {
                format!(
                    "{bad}✗{bad:#} {} {}",
                    printable(what),
                    printable(&self.secrets.hide(why))
                )
            }
            Deed::StartFailed if witnessed.user == ALONE => {
                format!("{bad}it failed: nobody comes{bad:#}")
            }
            Deed::StartFailed => format!("{bad}its start failed: it leaves{bad:#}"),
            _ if self.quiet => return String::new(),
            Deed::Set(values) => {
                let known = Known::secrets(&self.secrets);
                let values = values.iter().map(|(var, value)| {
                    let name = &graph.vars[var.index()];
                    format!("{name} = {}", shown_value(name, value, &known))
                });
                format!("set {}", values.collect::<Vec<_>>().join(", "))
            }
            Deed::Logged(text) => format!("log {}", printable(&self.secrets.hide(text))),
            Deed::Recorded { name, ok: true } => {
                format!("record {}", printable(&self.secrets.hide(name)))
            }
            Deed::Recorded { name, ok: false } => {
                format!("record {}, as failed", printable(&self.secrets.hide(name)))
            }
            Deed::Skipped(skip) => {
                let step = printable(&graph.skips[skip.index()]);
                format!("{quiet}skipped: {step}{quiet:#}")
            }
            Deed::Ended => return String::new(),
        };
        format!("  {line}\n\n")
    }

    fn asked(&self, asked: &Asked, graph: &Graph, sources: &Sources, looks: &Looks) -> String {
        let told = Told::of(asked, graph, sources, &self.secrets);
        let mut out = String::new();
        let Looks { quiet, title, .. } = looks;
        let name = &told.name;
        let gap = PLACE_COLUMN.saturating_sub(2 + name.chars().count()).max(2);
        writeln!(
            out,
            "  {title}{name}{title:#}{:gap$}{quiet}{}{quiet:#}",
            "", told.place
        )
        .expect(TAKES_ALL);
        if let Some(request) = &told.request {
            self.request(&mut out, request, looks);
        }
        if let Some(answer) = &told.answer {
            self::answer(&mut out, answer, told.failure.is_some(), looks);
        }
        judged(&mut out, &told, looks);
        out.push('\n');
        out
    }

    fn request(&self, out: &mut String, request: &ShownRequest, looks: &Looks) {
        let Looks { quiet, .. } = looks;
        writeln!(out, "  > {}", request.line).expect(TAKES_ALL);
        for header in &request.headers {
            writeln!(out, "  {quiet}> {header}{quiet:#}").expect(TAKES_ALL);
        }
        for line in request.body.iter().flat_map(|body| body.lines()) {
            writeln!(out, "  > {line}").expect(TAKES_ALL);
        }
        if self.with_curl {
            writeln!(out, "  $ {}", request.curl).expect(TAKES_ALL);
        }
    }
}

const TAKES_ALL: &str = "a String takes all";

fn answer(out: &mut String, answer: &Answer, failed: bool, looks: &Looks) {
    let Looks { quiet, .. } = looks;
    let head = &answer.head;
    write!(out, "  < {}", head.status).expect(TAKES_ALL);
    match (answer.redirects, &answer.ended_at) {
        (1, Some(url)) => write!(out, " after a redirect to {url}"),
        (redirects, Some(url)) => write!(out, " after {redirects} redirects to {url}"),
        (_, None) => Ok(()),
    }
    .expect(TAKES_ALL);
    let (took, bytes) = (
        figures::time(answer.took),
        figures::bytes(answer.received_bytes),
    );
    writeln!(out, ", {took}, {bytes}").expect(TAKES_ALL);
    for (name, value) in &head.headers {
        writeln!(out, "  {quiet}< {name}: {value}{quiet:#}").expect(TAKES_ALL);
    }
    if head.headers_left_out > 0 {
        let more = head.headers_left_out;
        writeln!(out, "  {quiet}< ({more} more headers){quiet:#}").expect(TAKES_ALL);
    }
    if failed {
        for line in head.body_beginning.lines() {
            writeln!(out, "  < {line}").expect(TAKES_ALL);
        }
    }
}

/// What was expected, what was wrong, what was taken out.
fn judged(out: &mut String, told: &Told, looks: &Looks) {
    let Looks {
        good, bad, quiet, ..
    } = looks;
    // The one that does not hold is told with what came instead.
    for (check, held) in &told.checks {
        match held {
            Held::Yes => writeln!(out, "  {good}✓{good:#} {check}"),
            Held::No => Ok(()),
            Held::NotLookedAt => writeln!(out, "  {quiet}- {check}{quiet:#}"),
        }
        .expect(TAKES_ALL);
    }
    if let Some((kind, detail)) = &told.failure {
        writeln!(out, "  {bad}✗{bad:#} {detail} ({kind})").expect(TAKES_ALL);
    }
    for (name, value) in &told.extracted {
        match value {
            Some(value) => writeln!(out, "  {name} = {value}"),
            None => writeln!(out, "  {quiet}{name} is not there{quiet:#}"),
        }
        .expect(TAKES_ALL);
    }
}

impl Looks {
    fn of(colour: Colour) -> Looks {
        match colour {
            Colour::Plain => Looks {
                good: Style::new(),
                bad: Style::new(),
                quiet: Style::new(),
                title: Style::new(),
            },
            Colour::Coloured => Looks {
                good: Style::new().fg_color(Some(AnsiColor::Green.into())),
                bad: Style::new().fg_color(Some(AnsiColor::Red.into())),
                quiet: Style::new().dimmed(),
                title: Style::new().bold(),
            },
        }
    }
}
