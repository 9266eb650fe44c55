//! Forms over the wire, byte for byte as browsers send them.

use plan::{
    base::method::Method,
    exchange::{Body, form},
};

use super::{
    User,
    faults::{Faults, ok},
    request,
};

#[tokio::test]
#[rustfmt::skip]
async fn fields_arrive_as_a_browser_sends_them() {
    let rows: [(&[(&str, &str)], &str); 14] = [
        (&[],                                   ""),
        (&[("a", "1"), ("b", "2")],             "a=1&b=2"),
        (&[("b", "2"), ("a", "1")],             "b=2&a=1"),
        (&[("a", "1"), ("a", "2")],             "a=1&a=2"),
        (&[("a", ""), ("", "b")],               "a=&=b"),
        (&[("title", "two words")],             "title=two+words"),
        (&[("sum", "1+1=2")],                   "sum=1%2B1%3D2"),
        (&[("a&b", "c;d?e/f#g")],               "a%26b=c%3Bd%3Fe%2Ff%23g"),
        (&[("percent", "100%25")],              "percent=100%2525"),
        (&[("city", "Łódź")],                   "city=%C5%81%C3%B3d%C5%BA"),
        (&[("face", "🦀")],                     "face=%F0%9F%A6%80"),
        (&[("lines", "a\nb\r\nc\rd")],          "lines=a%0D%0Ab%0D%0Ac%0D%0Ad"),
        (&[("kept", "*-._09azAZ")],             "kept=*-._09azAZ"),
        (&[("not kept", "~!'()@\t\0")],         "not+kept=%7E%21%27%28%29%40%09%00"),
    ];
    let server = Faults::start().await;
    server.on("/", ok(""));
    let mut user = User::new();
    for (fields, body) in rows {
        let mut asked = request(Method::Post, server.url("/"));
        asked.body = Some(Body::new(Some(form::CONTENT_TYPE), form::encode(fields.iter().copied())));
        user.ask(&asked).await;
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.body, body);
        assert_eq!(seen.header("content-type").as_deref(), Some("application/x-www-form-urlencoded"));
        assert_eq!(seen.header("content-length"), Some(body.len().to_string()));
        assert_eq!(seen.header("transfer-encoding"), None);
    }
    assert_eq!(server.connections(), 1);
}
