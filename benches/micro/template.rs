//! What it takes to write the texts of a request, beside the template engine that
//! answers what is more than a variable.
//!
//!     cargo bench --bench template

#![allow(clippy::unwrap_used, reason = "a bench ends where it cannot go on")]

use std::time::Duration;

use divan::{Bencher, black_box};
use minijinja::{Environment, context};
use plan::{
    base::{
        ids::VarId,
        random::{Purpose, Stream},
        value::Value,
    },
    template::{Escape, Place, Scope, Template},
};

fn main() {
    divan::main();
}

/// A literal, a path with a number, a name of two parts, and an expression.
const TEXTS: [&str; 4] = [
    "/auth/login",
    "/{{ post }}/update",
    "u{{ run.id }}_{{ user.id }}",
    "{{ name | upper }} and {{ post + 1 }}",
];

struct User {
    values: [Value; 2],
    run: Value,
    stream: Stream,
}

impl Scope for User {
    fn value(&self, place: Place) -> Option<Value> {
        Some(match place {
            Place::Var(var) => self.values[var.index()].clone(),
            Place::RunId => self.run.clone(),
            _ => Value::Int(12),
        })
    }

    fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }

    fn unix_now(&self) -> Duration {
        Duration::ZERO
    }
}

fn place(path: &str) -> Option<(Place, usize)> {
    Some(match path {
        "run.id" => (Place::RunId, 2),
        "user.id" => (Place::UserId, 2),
        "post" => (Place::Var(VarId::at(0)), 1),
        _ => (Place::Var(VarId::at(1)), 1),
    })
}

#[divan::bench(args = TEXTS)]
fn render(bencher: Bencher<'_, '_>, text: &str) {
    let template = Template::parse(text, Escape::None).unwrap();
    let template = template.resolve(place).unwrap();
    let mut user = User {
        values: [Value::Int(42), Value::text("ada")],
        run: Value::text("k3f9x2a"),
        stream: Stream::of(1, 1, Purpose::Values),
    };
    let mut out = String::new();
    bencher.bench_local(|| {
        out.clear();
        template.render(black_box(&mut user), &mut out).unwrap();
        out.len()
    });
}

/// The same texts by minijinja alone.
#[divan::bench(args = TEXTS)]
fn minijinja_alone(bencher: Bencher<'_, '_>, text: &str) {
    let mut environment = Environment::new();
    environment
        .add_template_owned("t", text.to_owned())
        .unwrap();
    let template = environment.get_template("t").unwrap();
    bencher.bench_local(|| {
        let values = context! {
            post => 42,
            name => "ada",
            run => context! { id => "k3f9x2a" },
            user => context! { id => 12 },
        };
        template.render(black_box(values)).unwrap()
    });
}
