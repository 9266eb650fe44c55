//! Through the doors of the room: parse, resolve, render.

use std::{sync::Arc, time::Duration};

use proptest::prelude::*;

use super::{Escape, FUNCTIONS, Place, Scope, Template};
use crate::base::{
    ids::{FeedId, VarId},
    random::{Purpose, Stream},
    value::Value,
};

/// A user of whom everything is known.
struct Fake {
    stream: Stream,
}

const NAMES: [&str; 9] = [
    "name", "count", "on", "nothing", "list", "map", "unset", "ratio", "path",
];

impl Fake {
    fn user(number: u64) -> Fake {
        Fake {
            stream: Stream::of(7, number, Purpose::Values),
        }
    }
}

impl Scope for Fake {
    fn value(&self, place: Place) -> Option<Value> {
        let var = |id: VarId| match NAMES[id.index()] {
            "name" => Some(Value::text("Ala & Ola")),
            "count" => Some(Value::Int(3)),
            "on" => Some(Value::Bool(true)),
            "nothing" => Some(Value::Null),
            "list" => Some(Value::List(Arc::from([Value::Int(1), Value::text("b")]))),
            "map" => Some(Value::Map(Arc::from([
                (Arc::from("id"), Value::Int(9)),
                (Arc::from("text"), Value::text("t?")),
            ]))),
            "ratio" => Some(Value::Float(0.5)),
            "path" => Some(Value::text("a/b?c=ł")),
            _ => None,
        };
        match place {
            Place::Var(id) => var(id),
            Place::Column(..) => Some(Value::text("a@example.org")),
            Place::RunId => Some(Value::text("r1")),
            Place::RunSeed => Some(Value::Int(7)),
            Place::UserId => Some(Value::Int(12)),
            Place::UserClass => Some(Value::text("editor")),
            Place::Iteration => Some(Value::Int(4)),
            Place::Secret(_) => None,
            Place::Response(_) => None,
        }
    }

    fn stream(&mut self) -> &mut Stream {
        &mut self.stream
    }

    fn unix_now(&self) -> Duration {
        Duration::from_millis(1_795_374_114_250)
    }
}

fn place(path: &str) -> Option<(Place, usize)> {
    match path {
        "run.id" => Some((Place::RunId, 2)),
        "run.seed" => Some((Place::RunSeed, 2)),
        "user.id" => Some((Place::UserId, 2)),
        "user.class" => Some((Place::UserClass, 2)),
        "iteration" => Some((Place::Iteration, 1)),
        "accounts.email" => Some((Place::Column(FeedId(0), 0), 2)),
        _ => {
            let first = path.split('.').next()?;
            let index = NAMES.iter().position(|name| *name == first)?;
            Some((Place::Var(VarId::at(index)), 1))
        }
    }
}

fn template(text: &str, escape: Escape) -> Template {
    let parsed = Template::parse(text, escape).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    parsed
        .resolve(place)
        .expect("the table names what is there")
}

fn render(text: &str, escape: Escape) -> Result<String, String> {
    let mut out = String::new();
    template(text, escape)
        .render(&mut Fake::user(1), &mut out)
        .map(|()| out)
        .map_err(|error| error.message)
}

fn value(text: &str) -> Result<Value, String> {
    template(text, Escape::None)
        .value(&mut Fake::user(1))
        .map_err(|error| error.message)
}

#[test]
#[rustfmt::skip]
fn texts_render_to_what_they_say() {
    let rows = [
        ("",                                     ""),
        ("plain",                                "plain"),
        ("a line\n",                             "a line\n"),
        ("{ x } }} {\"a\":{\"b\":1}}",           "{ x } }} {\"a\":{\"b\":1}}"),
        ("u{{ run.id }}_{{ user.id }}",          "ur1_12"),
        ("{{user.class}}:{{ iteration }}",       "editor:4"),
        ("{{ accounts.email }}",                 "a@example.org"),
        ("<{{ name }}>",                         "<Ala & Ola>"),
        ("{{ on }} {{ count }} {{ ratio }}",     "true 3 0.5"),
        ("{\"n\": {{ count }}}",                 "{\"n\": 3}"),
        ("{{ map.id }}/{{ map.text }}",          "9/t?"),
        ("{{ map['id'] + count }}",              "12"),
        ("{{ user.id + 1 }} {{ list[1] }}",      "13 b"),
        ("{{ name | upper }}",                   "ALA & OLA"),
        ("{{ name ~ '}}' ~ \"{{\" }}",           "Ala & Ola}}{{"),
        ("{{ unset | default('none') }}",        "none"),
        ("{{ unset.deep | default('none') }}",   "none"),
        ("{{ 'a' if unset is defined else 'b' }}", "b"),
        ("{{ unset if unset is defined else 1 }}", "1"),
        ("{{ on | string }} {{ 1 == 1 }}",       "true true"),
        ("{{ list | length }} {{ 4 // 2 }}",     "2 2"),
        ("{{ 1.5 * 2 }}",                        "3"),
        ("{{ now() }}",                          "2026-11-22T19:01:54Z"),
        ("{{ now('%Y-%m-%d') }}",                "2026-11-22"),
        ("{% for x in list %}{{ x }},{% endfor %}\n", "1,b,\n"),
        ("{% if on %}yes{% else %}{{ unset }}{% endif %}", "yes"),
        ("{# a note #}{{ name }}{% raw %}{{ x }}{% endraw %}", "Ala & Ola{{ x }}"),
        ("{% set twice = count * 2 %}{{ twice }}", "6"),
        ("a {{- name -}} b",                     "aAla & Olab"),
        ("{% filter upper %}{{ name }}{% endfilter %}", "ALA & OLA"),
    ];
    for (text, expected) in rows {
        assert_eq!(render(text, Escape::None).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn values_in_urls_stay_one_component() {
    let rows = [
        ("/{{ path }}/update",              "/a%2Fb%3Fc%3D%C5%82/update"),
        ("/s?q={{ name }}&p={{ count }}",   "/s?q=Ala%20%26%20Ola&p=3"),
        ("/{{ path | raw }}",               "/a/b?c=ł"),
        ("/{{ path | upper }}",             "/A%2FB%3FC%3D%C5%81"),
        ("{{ path }}/x/{{ path }}",         "a/b?c=ł/x/a%2Fb%3Fc%3D%C5%82"),
        ("/{{ accounts.email }}",           "/a%40example.org"),
        ("/~a-b_c.d{{ 'A~-_.9' }}",         "/~a-b_c.dA~-_.9"),
        ("/{% if on %}{{ path }}{% endif %}", "/a%2Fb%3Fc%3D%C5%82"),
        ("/{% if on %}{{ path | raw }}{% endif %}", "/a/b?c=ł"),
    ];
    for (text, expected) in rows {
        assert_eq!(render(text, Escape::Url).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn a_value_alone_keeps_its_type() {
    let list = || Value::List(Arc::from([Value::Int(1), Value::text("b")]));
    let map = || Value::Map(Arc::from([(Arc::from("a"), Value::Int(1))]));
    let rows = [
        ("{{ count }}",         Value::Int(3)),
        ("{{ count + 1 }}",     Value::Int(4)),
        ("{{ count | raw }}",   Value::Int(3)),
        ("{{ count }} ",        Value::text("3 ")),
        ("{{ on }}",            Value::Bool(true)),
        ("{{ not on }}",        Value::Bool(false)),
        ("{{ nothing }}",       Value::Null),
        ("{{ none }}",          Value::Null),
        ("{{ ratio }}",         Value::Float(0.5)),
        ("{{ list }}",          list()),
        ("{{ [1, 'b'] }}",      list()),
        ("{{ (list) }}",        list()),
        ("{{ {'a': 1} }}",      map()),
        ("{{ map.id }}",        Value::Int(9)),
        ("{{ range(2) }}",      Value::List(Arc::from([Value::Int(0), Value::Int(1)]))),
        ("text",                Value::text("text")),
    ];
    for (text, expected) in rows {
        assert_eq!(value(text), Ok(expected), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn what_cannot_be_rendered_says_why() {
    let rows = [
        ("{{ unset }}",             "`unset` is not set"),
        ("{{ unset | upper }}",     "`unset` is not set"),
        ("{{ unset.deep }}",        "`unset` is not set"),
        ("{{ unset.deep ~ 1 }}",    "`unset.deep` is not set"),
        ("{{ (unset) }}",           "`unset` is not set"),
        ("{% if unset %}{% endif %}", "`unset` is not set"),
        ("{{ map.nick }}",          "`map.nick` has no value: there is no `nick`"),
        ("{{ name.first }}",        "`name.first` has no value: there is no `first`"),
        ("{{ map.nick ~ '' }}",     "`map.nick ~ ''` has no value"),
        ("{{ 1 if not on }}",       "`1 if not on` has no value"),
        ("{{ nothing }}",           "`nothing` is null and has no text"),
        ("{{ list }}",              "`list` is a list and has no text"),
        ("{{ [1] }}",               "`[1]` is a list and has no text"),
        ("{{ map }}",               "`map` is a mapping and has no text"),
        ("{{ 9223372036854775808 }}", "`9223372036854775808` is a number that does not fit in 64 bits"),
        ("{{ random_int(5, 1) }}",  "`random_int(5, 1)` cannot be worked out: random_int(5, 1) has no number to choose: the smaller one comes first"),
        ("{{ pick([]) }}",          "`pick([])` cannot be worked out: pick() got an empty list"),
        ("{{ pick(name) }}",        "`pick(name)` cannot be worked out: pick() needs a list, got a string"),
        ("{{ random_string(99999) }}", "`random_string(99999)` cannot be worked out: random_string(99999) is too long; at most 65536 characters"),
        ("{{ pick() }}",            "`pick()` cannot be worked out: missing argument"),
        ("{{ 'x' * 100000000 }}",   "`'x' * 100000000` takes too many steps"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
         "`{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}` takes too many steps"),
    ];
    for (text, expected) in rows {
        assert_eq!(render(text, Escape::None), Err(expected.to_owned()), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn what_is_no_template_is_pointed_at() {
    let rows = [
        ("/{{ post_id",        "{{",       "`{{` is not closed",                          Some("end it with `}}`")),
        ("/{{ post_id }",      "{{",       "`{{` is not closed",                          Some("end it with `}}`")),
        ("{% if a",            "{%",       "`{%` is not closed",                          Some("end it with `%}`")),
        ("{# note",            "{#",       "`{#` is not closed",                          Some("end it with `#}`")),
        ("{{ pick([1 }}",      "[",        "`[` is not closed",                           None),
        ("{{ 'a }}",           "'",        "the quotation mark is not closed",            None),
        ("x{{ }}",             "{{ }}",    "there is nothing between `{{` and `}}`",      None),
        ("{{ user id }}",      "user id",  "`user` and `id` stand side by side",          Some("did you mean `user_id` or `user.id`?")),
        ("{{ a ~ {{ b }} }}",  "{{",       "`{{` stands inside `{{ … }}`",                Some("inside, a name is written as it is: `{{ a ~ b }}`")),
        ("{{ a + }}",          "+",        "unexpected end, expected expression",        None),
        ("{{ naïve }}",        "ï",        "a character that cannot stand here; names are made of a-z, A-Z, 0-9 and _", None),
        ("{{ uuidd() }}",      "uuidd",    "there is no function `uuidd`",                Some("did you mean `uuid`?")),
        ("{{ debug() }}",      "debug",    "there is no function `debug`",                Some("there are city, company, country, country_code, date, dict, email, first_name, full_name, job, last_name, namespace, now, paragraph, paragraphs, phone, pick, postcode, random_int, random_string, range, sentence, state, street, user_name, uuid, word, words")),
        ("{{ a | uper }}",     "uper",     "there is no filter `uper`",                   Some("did you mean `upper`?")),
        ("{{ a | safe }}",     "safe",     "there is no filter `safe`",                   None),
        ("{{ a is defind }}",  "defind",   "there is no test `defind`",                   Some("did you mean `defined`?")),
        ("{{ a.upper() }}",    "a.upper",  "values have no functions of their own, so `.upper()` is none", Some("use a filter: `value | upper`")),
        ("{% include 'a' %}",  "include",  "`{% include %}` has no use here: a text stands for itself", None),
        ("{% filter uper %}{% endfilter %}", "uper", "there is no filter `uper`",         Some("did you mean `upper`?")),
    ];
    for (text, marked, message, help) in rows {
        let error = Template::parse(text, Escape::None).expect_err(text);
        let shown = (&text[error.range], &*error.message, error.help.as_deref());
        assert_eq!(shown, (marked, message, help), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn reads_are_found_with_their_places_and_guards() {
    let rows = [
        ("/{{ post_id }}/{{user.id}}",             "post_id@4..11 user.id@17..24"),
        ("no braces",                              ""),
        ("{{ a + b.c }}",                          "a@3..4 b.c@7..10"),
        ("{{ a | default('x') }}",                 "a?@3..4"),
        ("{{ a.b | d }}",                          "a.b?@3..6"),
        ("{{ -a | default(1) }}",                  "a@4..5"),
        ("{{ 2 - a | default(1) }}",               "a?@7..8"),
        ("{{ a | default(b) }}",                   "a?@3..4 b@15..16"),
        ("{{ a | default(1) ~ a }}",               "a?@3..4 a@20..21"),
        ("{{ a if a is defined else b }}",         "a?@3..4 a?@8..9 b@26..27"),
        ("{{ a.b if a is not undefined }}",        "a.b?@3..6 a?@10..11"),
        ("{{ ab if a is defined }}",               "ab@3..5 a?@9..10"),
        ("{{ 'a b' ~ 1.5e3 ~ c['d'] }}",           "c@19..20"),
        ("{{ x.0.y is divisibleby n }}",           "x@3..4 n@24..25"),
        ("{{ pick(names, k=v) if a == b }}",       "names@8..13 v@17..18 a@23..24 b@28..29"),
        ("{{ true and none is none or loop_ }}",   "loop_@28..33"),
        ("{{ uuid }}",                             "uuid@3..7"),
        ("{% for x in xs %}{{ x }}{{ y }}{% endfor %}", "xs@12..14 y@27..28"),
        ("{% if a is defined %}{{ a }}{% endif %}", "a?@6..7 a?@24..25"),
        ("{% set b = a %}{{ b }}",                 "a@11..12"),
    ];
    for (text, expected) in rows {
        let parsed = Template::parse(text, Escape::None).expect(text);
        let reads: Vec<String> = parsed
            .reads()
            .iter()
            .map(|read| {
                let mark = if read.guarded { "?" } else { "" };
                format!("{}{mark}@{}..{}", read.path, read.range.start, read.range.end)
            })
            .collect();
        assert_eq!(reads.join(" "), expected, "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn outlines_name_variables_and_hide_expressions() {
    let rows = [
        ("/",                           "/",                    Some("/")),
        ("",                            "",                     Some("")),
        ("/{{ post_id }}/update",       "/{post_id}/update",    None),
        ("/u/{{user.id}}/{{ a | upper }}", "/u/{user.id}/{…}",  None),
        ("/{% if a %}b{% endif %}",     "{…}",                  None),
    ];
    for (text, outline, literal) in rows {
        let parsed = Template::parse(text, Escape::Url).expect(text);
        assert_eq!((parsed.outline().as_str(), parsed.literal()), (outline, literal), "{text}");
    }
}

#[test]
fn a_name_without_a_place_leaves_the_template_unresolved() {
    let parse = |text| Template::parse(text, Escape::None).expect("a template");
    assert!(parse("{{ nobody }}").resolve(place).is_none());
    assert!(parse("{{ name ~ nobody }}").resolve(place).is_none());
    assert!(parse("{{ name ~ '!' }}").resolve(place).is_some());
}

#[test]
fn functions_draw_from_the_user_and_from_nothing_else() {
    let text = "{{ uuid() }} {{ random_int(-5, 5) }} {{ random_string(8) }} {{ pick(list) }}";
    let draw = |user: &mut Fake| {
        let mut out = String::new();
        template(text, Escape::None).render(user, &mut out).unwrap();
        out
    };
    let mut first = Fake::user(1);
    let drawn = draw(&mut first);
    assert_eq!(drawn, draw(&mut Fake::user(1)));
    assert_ne!(drawn, draw(&mut Fake::user(2)));
    assert_ne!(drawn, draw(&mut first), "the stream has moved on");
    assert_eq!(drawn, "bac39e2b-dff3-4796-a093-9204143f6d45 4 NnAgamy0 1");
}

#[test]
fn numbers_are_drawn_from_the_whole_of_their_range() {
    let dice = template("{{ random_int(-1, 1) }}", Escape::None);
    let mut user = Fake::user(1);
    let mut seen = [0; 3];
    for _ in 0..100 {
        match dice.value(&mut user) {
            Ok(Value::Int(n @ -1..=1)) => seen[usize::try_from(n + 1).unwrap()] += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(seen.iter().all(|times| *times > 10), "{seen:?}");
    let widest = "{{ random_int(-9223372036854775807 - 1, 9223372036854775807) }}";
    assert!(matches!(value(widest), Ok(Value::Int(_))));
}

#[test]
fn every_listed_name_is_known_to_the_engine() {
    for filter in super::engine::FILTERS {
        assert_eq!(
            value(&format!("{{{{ '{filter}' is filter }}}}")),
            Ok(Value::Bool(true)),
            "{filter}"
        );
    }
    for test in super::engine::TESTS {
        assert_eq!(
            value(&format!("{{{{ '{test}' is test }}}}")),
            Ok(Value::Bool(true)),
            "{test}"
        );
    }
    for function in FUNCTIONS {
        let message = render(
            &format!("{{{{ {function}(1, 2, 3, 4, 5) }}}}"),
            Escape::None,
        );
        assert!(!message.unwrap_err().contains("unknown"), "{function}");
    }
}

#[test]
fn people_are_made_up_from_the_users_stream() {
    let person = "{{ full_name() }}|{{ user_name() }}|{{ email() }}|{{ phone() }}|{{ street() }}|\
                  {{ postcode() }} {{ city() }}, {{ country() }}|{{ company() }}|{{ word() }}|\
                  {{ words(3) }}|{{ sentence() }}|{{ paragraph() }}|{{ first_name() }} {{ last_name() }}";
    let of = |user| {
        let mut out = String::new();
        let template = template(person, Escape::None);
        template.render(&mut Fake::user(user), &mut out).unwrap();
        out
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    let made = of(1);
    let parts: Vec<&str> = made.split('|').collect();
    assert!(
        parts.iter().all(|part| !part.trim().is_empty()),
        "{parts:?}"
    );
    assert_eq!(parts[0].split(' ').count(), 2, "{parts:?}");
    let mail = parts[2].strip_suffix("@example.com").unwrap();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    assert!(mail.chars().all(plain), "{mail}");
    assert_eq!(parts[8].split(' ').count(), 3, "{parts:?}");
    assert!(
        parts[9].ends_with('.') && parts[10].ends_with('.'),
        "{parts:?}"
    );
    let message = render("{{ words(10001) }}", Escape::None).unwrap_err();
    assert!(message.contains("at most 10000"), "{message}");
}

#[test]
fn places_jobs_and_texts_are_made_up_too() {
    let made = render(
        "{{ state() }}|{{ country_code() }}|{{ job() }}|{{ paragraphs(3) }}",
        Escape::None,
    );
    let made = made.unwrap();
    let parts: Vec<&str> = made.split('|').collect();
    assert!(!parts[0].is_empty() && parts[2].contains(' '), "{parts:?}");
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    assert!(is_code(parts[1]), "{parts:?}");
    assert_eq!(parts[3].split("\n\n").count(), 3, "{parts:?}");
    assert_eq!(render("{{ paragraphs(0) }}", Escape::None).unwrap(), "");
    let message = render("{{ paragraphs(1001) }}", Escape::None).unwrap_err();
    assert!(message.contains("at most 1000"), "{message}");
}

#[test]
fn days_are_drawn_from_the_first_to_the_last() {
    let template = template("{{ date('2024-02-27', '2024-03-01') }}", Escape::None);
    let mut scope = Fake::user(1);
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..4_000 {
        let mut day = String::new();
        template.render(&mut scope, &mut day).unwrap();
        *counts.entry(day).or_insert(0_u32) += 1;
    }
    let days: Vec<_> = counts.keys().map(String::as_str).collect();
    let expected = ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"];
    assert_eq!(days, expected);
    // Five standard deviations of a binomial with p = 1/4 are 137.
    assert!(
        counts.values().all(|n| n.abs_diff(1_000) < 137),
        "{counts:?}"
    );

    let day = render("{{ date('2026-01-01', '2026-01-01') }}", Escape::None);
    assert_eq!(day.unwrap(), "2026-01-01");
    #[rustfmt::skip]
    let rows = [
        ("{{ date('2026-01-02', '2026-01-01') }}", "has no day to choose: the earlier one comes first"),
        ("{{ date('2026-02-30', '2026-03-01') }}", "`2026-02-30` is no date; write it as 2026-12-31"),
        ("{{ date('2026-01-01', 'x') }}",          "`x` is no date; write it as 2026-12-31"),
    ];
    for (text, why) in rows {
        let message = render(text, Escape::None).unwrap_err();
        assert!(message.contains(why), "{message}");
    }
    let whole = render("{{ date('-009999-01-01', '9999-12-31') }}", Escape::None);
    assert!(whole.is_ok(), "{whole:?}");
}

#[test]
fn templates_are_shared_between_threads() {
    fn shared<T: Send + Sync + std::fmt::Debug>(_: &T) {}
    let template = template("{{ name | upper }}", Escape::None);
    shared(&template);
    assert!(format!("{template:?}").len() < 500, "{template:?}");
}

proptest! {
    #[test]
    fn text_without_braces_is_itself(text in "[^{}]*") {
        let template = template(&text, Escape::Url);
        prop_assert_eq!(template.literal(), Some(text.as_str()));
        let mut out = String::new();
        template.render(&mut Fake::user(1), &mut out).unwrap();
        prop_assert_eq!(out, text);
    }

    #[test]
    fn no_text_is_too_strange_to_be_judged(text in "[{}%# a-c|'(\\[.łn-]{0,24}") {
        for escape in [Escape::None, Escape::Url] {
            match Template::parse(&text, escape) {
                Ok(parsed) => for read in parsed.reads() {
                    prop_assert!(text.get(read.range.clone()).is_some());
                },
                Err(error) => prop_assert!(text.get(error.range.clone()).is_some(), "{:?}", error),
            }
        }
    }
}
