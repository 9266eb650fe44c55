//! What can be written, how it prints back, and what is said of the rest.

use super::*;

#[test]
#[rustfmt::skip]
fn every_form_prints_back_in_one_spelling() {
    let rows = [
        ("errors < 0.1%",                            "errors < 0.1%"),
        ("p95<300ms",                                "p95 < 300ms"),
        ("p99.99 <= 1500ms",                         "p99.99 <= 1s500ms"),
        (r#"p99 of "POST /{post_id}/delete" < 1s"#,  r#"p99 of "POST /{post_id}/delete" < 1s"#),
        (r#"rate of "GET /">=50.5/s"#,               r#"rate of "GET /" >= 50.5/s"#),
        ("mean > 1ms",                               "mean > 1ms"),
        ("max < 10s",                                "max < 10s"),
        ("min>1ms",                                  "min > 1ms"),
        ("service p95 < 300ms",                      "service p95 < 300ms"),
        (r#"service max of group "sign in" < 1s"#,   r#"service max of group "sign in" < 1s"#),
        (r#"p95 of group "checkout" < 1s"#,          "p95 of group checkout < 1s"),
        ("errors of class editor < 1%",              "errors of class editor < 1%"),
        ("service p95 of iteration editor < 30s",    "service p95 of iteration editor < 30s"),
        (r#"errors of class "in" < 1%"#,             r#"errors of class "in" < 1%"#),
        (r#"p95 of "group" < 1s"#,                   r#"p95 of "group" < 1s"#),
        ("p95 in stage hold < 1s",                   "p95 in stage hold < 1s"),
        (r#"p95 of "GET /" in stage "the spike"<1s over 300s abort"#,
                                r#"p95 of "GET /" in stage "the spike" < 1s over 5m abort"#),
        ("p95 < 1s abort",                           "p95 < 1s abort"),
        ("dropped <= 5",                             "dropped <= 5"),
        ("dropped of class editor < 1%",             "dropped of class editor < 1%"),
        ("skipped < 10 over 1m",                     "skipped < 10 over 1m"),
        ("bytes < 10GB",                             "bytes < 10GB"),
        (r#"bytes of "GET /" < 2000kB/s"#,           r#"bytes of "GET /" < 2MB/s"#),
        ("bytes > 1024",                             "bytes > 1KiB"),
    ];
    for (text, printed) in rows {
        let threshold: Threshold = text.parse().expect(text);
        assert_eq!(threshold.to_string(), printed);
        assert_eq!(printed.parse(), Ok(threshold), "{text}");
    }
}

#[test]
#[rustfmt::skip]
fn a_mistake_is_pointed_at() {
    let rows = [
        ("p95 < 300",                   "300",     None),
        ("error < 1%",                  "error",   Some("errors")),
        ("errors < 3",                  "3",       None),
        ("errors < 101%",               "101%",    None),
        ("p100 < 1s",                   "p100",    None),
        ("p95 = 1s",                    "=",       None),
        ("p95 of GET / < 1s",           "GET",     None),
        ("p95 of grup checkout < 1s",   "grup",    Some("group")),
        ("p95 of \"\" < 1s",            "\"\"",    None),
        ("p95 of group < 1s",           "<",       None),
        ("p95 of class of < 1s",        "of",      None),
        ("p95 in hold < 1s",            "in",      None),
        ("p95 in stage hold of \"x\" < 1s", "of",  None),
        ("p95 over 5m < 1s",            "over",    None),
        ("p95 ovr 5m < 1s",             "ovr",     None),
        ("p95 < 1s soon",               "soon",    None),
        ("p95 < 1s of \"GET /\"",       "of \"GET /\"", None),
        ("p95 < 1s abort over 5m",      "over 5m", None),
        ("p95 < 1s abor",               "abor",    Some("abort")),
        ("p95 < 1s over 1500ms",        "1500ms",  None),
        ("p95 < 1s over 0s",            "0s",      None),
        ("p95 < 1s over 5",             "5",       None),
        ("p95",                         "p95",     None),
        ("p95 < 1s over",               "p95 < 1s over", None),
        ("rate > 5",                    "5",       None),
        ("service errors < 1%",         "service", None),
        ("response p95 < 1s",           "response", None),
        ("servce p95 < 1s",             "servce",  Some("service")),
        ("dropped < 1.5",               "1.5",     None),
        ("dropped of \"GET /\" < 1",    "\"GET /\"", None),
        ("skipped of class a < 1",      "class",   None),
        ("skipped < 1%",                "1%",      None),
        ("bytes of group a < 1kB",      "group",   None),
        ("bytes < 1mb",                 "1mb",     None),
        ("bytes > 1GB abort",           "abort",   None),
    ];
    for (text, part, proposal) in rows {
        let error = text.parse::<Threshold>().expect_err(text);
        assert_eq!(&text[error.range.clone()], part, "{text}: {error}");
        assert_eq!(error.proposal.as_deref(), proposal, "{text}");
    }
    assert!("".parse::<Threshold>().is_err());
}

#[test]
#[rustfmt::skip]
fn a_mistake_is_told_with_what_is_allowed() {
    let rows = [
        ("speed < 1s", "`speed` is no metric; there are errors, rate, p1 … p99.99, mean, max, min, \
                        dropped, skipped and bytes"),
        ("dropped < x", "`dropped` is compared with a count such as 5 or a share of the arrivals \
                         such as 1%, not with `x`"),
        ("bytes < 5K", "`5K` is not an amount of data: the units of sizes are B, kB, MB, GB, KiB, \
                        MiB and GiB; valid are 10GB in all or 10MB/s"),
        ("skipped of group a < 1", "`skipped` is known of all steps together only"),
        ("service rate > 1/s", "`service` is about times and `rate` is none: leave it out"),
        ("dropped > 5 abort", "`dropped` begins at 0 and grows, so that this would end every run \
                               as it begins: leave `abort` out"),
        ("p95 over 5m < 1s", "`over` follows the limit, as in `p95 < 300ms over 5m`"),
        ("p95 < 1s now", "nothing may follow the limit but `over TIME` and `abort`, found `now`"),
        ("p95 of", "the threshold ends where a request name in double quotes, `group NAME`, \
                    `class NAME` or `iteration CLASS` should follow"),
    ];
    for (text, message) in rows {
        let error = text.parse::<Threshold>().expect_err(text);
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn a_limit_is_met_or_not() {
    let holds = |text: &str, measured| text.parse::<Threshold>().unwrap().holds(measured);
    assert!(holds("errors < 0.1%", 0.0009));
    assert!(!holds("errors < 0.1%", 0.001));
    assert!(holds("errors <= 0%", 0.0));
    assert!(holds("p95 < 300ms", 299_999.0));
    assert!(!holds("p95 < 300ms", 300_000.0));
    assert!(holds("rate >= 50/s", 50.0));
    assert!(!holds("rate > 50/s", 50.0));
    assert!(holds("dropped <= 5", 5.0));
    assert!(!holds("bytes < 1MB/s", 1_000_000.0));
}
