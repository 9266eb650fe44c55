//! What the layout of TOML is.

use plan::{
    plan::format::{NotFormatted, format},
    source::{Format, Source},
};

fn laid_out(text: &str) -> Result<String, NotFormatted> {
    format(&Source {
        path: "plan.toml".into(),
        format: Format::Toml,
        text: text.to_owned(),
    })
}

#[test]
fn keys_headers_and_brackets() {
    let text = "\
# top


   plan=1 # version
  name   =  \"x\"
description = '''
  stays
   as it is '''   # so
thresholds = [
  'errors < 1%',    # first
  # second
  'p95 < 1s' ]
[ vars ]
a={b=[1,2 , 3],c= { } }
d = [ [1], # one
]


[users . 'a b']  # who
wait = \"1s\"
sequence = [ { get = \"/a/long/path/to/somewhere\" }, { get = \"/another/much/longer/path/to/somewhere/else\" } ]
tasks.x = 1
";
    let expected = "\
# top

plan = 1  # version
name = \"x\"
description = '''
  stays
   as it is '''   # so
thresholds = [
    'errors < 1%',  # first
    # second
    'p95 < 1s',
]
[vars]
a = { b = [1, 2, 3], c = {} }
d = [
    [1],  # one
]

[users.'a b']  # who
wait = \"1s\"
sequence = [
    { get = \"/a/long/path/to/somewhere\" },
    { get = \"/another/much/longer/path/to/somewhere/else\" },
]
tasks.x = 1
";
    assert_eq!(laid_out(text).unwrap(), expected);
    assert_eq!(laid_out(expected).unwrap(), expected);
}

#[test]
fn what_is_no_plan_or_no_toml_is_refused() {
    assert!(matches!(laid_out("[package]\n"), Err(NotFormatted::NoPlan)));
    for torn in ["plan = [1\n", "plan = 1\nplan = 1\n", "plan: 1\n"] {
        assert!(
            matches!(laid_out(torn), Err(NotFormatted::Torn(_))),
            "{torn}"
        );
    }
}
