//! How steps that hold steps are written, printed and told apart.

use plan::{
    plan::{ast::Plan, fingerprint, parse, print},
    source::{Colour, Diagnostics, Format, MemoryLoader, Source, Sources, render_text},
};

use super::same;

const YAML: &str = "
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - if: iteration == 1
        then:
          - post: /
            form: { b: 1, a: 2 }
          - if: user.id > 3
            then: [wait]
            when: user.id < 9
        else: [{ stop: run }]
      - stop: user
      - repeat: 2
        do: [{ put: /, form: { b: 1, a: 2 } }]
      - for: word
        in: [a, { b: [1.5, x] }]
        do:
          - for: letter
            in: word.b
            do: [wait]
      - repeat: { while: iteration < 3, max: 7 }
        do: [{ choose: { one: 1, two: 2 } }]
      - choose: [one, two]
tasks: { one: [wait], two: [wait] }
";

const TOML: &str = "
plan = 1

[users.visitor]
wait = '1s'

[[users.visitor.sequence]]
if = 'iteration == 1'
else = [{ stop = 'run' }]

[[users.visitor.sequence.then]]
post = '/'
form = { b = 1, a = 2 }

[[users.visitor.sequence.then]]
if = 'user.id > 3'
then = ['wait']
when = 'user.id < 9'

[[users.visitor.sequence]]
stop = 'user'

[[users.visitor.sequence]]
repeat = 2
do = [{ put = '/', form = { b = 1, a = 2 } }]

[[users.visitor.sequence]]
for = 'word'
in = ['a', { b = [1.5, 'x'] }]
do = [{ for = 'letter', in = 'word.b', do = ['wait'] }]

[[users.visitor.sequence]]
repeat = { while = 'iteration < 3', max = 7 }
do = [{ choose = { one = 1, two = 2 } }]

[[users.visitor.sequence]]
choose = { one = 1, two = 1 }

[tasks]
one = ['wait']
two = ['wait']
";

#[test]
fn both_formats_say_the_same_and_it_reads_back_as_itself() {
    let (yaml, yaml_sources) = parsed("plan.yaml", YAML);
    let (toml, toml_sources) = parsed("plan.toml", TOML);
    let printed = print(&yaml, &yaml_sources);
    assert_eq!(printed, print(&toml, &toml_sources));
    assert_eq!(
        fingerprint(&yaml, &yaml_sources),
        fingerprint(&toml, &toml_sources)
    );
    let text = serde_yaml::to_string(&printed).unwrap();
    assert!(parsed("again.yaml", &text).0 == yaml, "{text}");
}

#[test]
fn what_steps_within_steps_say_is_a_part_of_the_fingerprint() {
    let of = |text: &str| {
        let (plan, sources) = parsed("plan.yaml", text);
        fingerprint(&plan, &sources)
    };
    let changes = [
        ("form: { b: 1, a: 2 }", "form: { a: 2, b: 1 }"),
        ("iteration == 1", "iteration == 2"),
        ("user.id > 3", "user.id > 4"),
        ("stop: run", "stop: user"),
        ("repeat: 2", "repeat: 3"),
        (
            "put: /, form: { b: 1, a: 2 }",
            "put: /, form: { a: 2, b: 1 }",
        ),
        ("for: letter", "for: sign"),
        ("in: word.b", "in: word.c"),
        ("[1.5, x]", "[1.5, y]"),
        ("max: 7", "max: 8"),
        ("while: iteration < 3", "while: iteration < 4"),
        ("{ one: 1, two: 2 }", "{ one: 1, two: 3 }"),
        ("choose: [one, two]", "choose: [one]"),
        ("        else: [{ stop: run }]\n", ""),
    ];
    for (part, other) in changes {
        assert!(YAML.contains(part), "{part}");
        assert_ne!(of(YAML), of(&YAML.replacen(part, other, 1)), "{part}");
    }
    let again = YAML.replacen("            when: user.id < 9\n", "", 1);
    let again = again.replacen(
        "          - if: user.id > 3\n",
        "          - when: user.id < 9\n            if: user.id > 3\n",
        1,
    );
    assert_eq!(of(YAML), of(&again), "the order of keys means nothing");
}

#[test]
fn slips_are_told_of_with_what_is_meant() {
    let steps = "
plan: 1
users:
  visitor:
    wait: 1s
    sequence:
      - if: iteration = 1
        do: [{ gte: / }]
      - then: [wait]
      - stop: usr
load: { users: 1, duration: 1s }
";
    let (_, found) = examined("plan.yaml", steps);
    same(
        &found,
        "
        error[P0004]: `users.visitor.sequence[0].then` is missing: steps where it holds
         --> plan.yaml:7:9
          |
        7 |       - if: iteration = 1
          |         ^^ an `if` step needs `then`

        error[P0002]: `do` is not a key of an `if` step
         --> plan.yaml:8:9
          |
        8 |         do: [{ gte: / }]
          |         ^^ unknown key
          |
          = help: the steps of an `if` are its `then`

        error[P0002]: `then` is not a key of a step
         --> plan.yaml:9:9
          |
        9 |       - then: [wait]
          |         ^^^^ unknown key
          |
          = help: it belongs to a step with `if`

        error[P0006]: `users.visitor.sequence[2].stop` should be `user` or `run`, not `usr`
          --> plan.yaml:10:15
           |
        10 |       - stop: usr
           |               ^^^ no such choice
           |
           = help: did you mean `user`?

        4 errors in plan.yaml
        ",
    );
}

fn parsed(path: &str, text: &str) -> (Plan, Sources) {
    let mut sources = sources(path, text);
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    let said = render_text(&sources, &found, Colour::Plain);
    assert_eq!(said, "", "{text}");
    (plan.unwrap(), sources)
}

/// All that reading says of a text.
fn examined(path: &str, text: &str) -> (Option<Plan>, String) {
    let mut sources = sources(path, text);
    let mut found = Diagnostics::new();
    let plan = parse(&mut sources, &mut MemoryLoader::new(), &mut found);
    (plan, render_text(&sources, &found, Colour::Plain))
}

fn sources(path: &str, text: &str) -> Sources {
    Sources::new(Source {
        path: path.into(),
        format: Format::of(path.as_ref()).unwrap(),
        text: text.to_owned(),
    })
}
