//! Bodies as servers send them, read as browsers do.

use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};

use super::*;

const PAGE: &str = "<title>Łódź</title><p>zażółć gęślą jaźń</p>";

/// What `gzip -9` makes of [`PAGE`] in ISO-8859-2, with the name of its file in it.
#[rustfmt::skip]
const GZIPPED: [u8; 70] = [
    0x1f, 0x8b, 0x08, 0x08, 0xab, 0x9c, 0x03, 0x6b, 0x02, 0x03, 0x70, 0x61, 0x67, 0x65,
    0x2e, 0x68, 0x74, 0x6d, 0x6c, 0x00, 0xb3, 0x29, 0xc9, 0x2c, 0xc9, 0x49, 0xb5, 0x5b,
    0xfc, 0x39, 0x65, 0x8f, 0x8d, 0x3e, 0x84, 0x6d, 0x53, 0x60, 0x57, 0x95, 0xb8, 0xff,
    0xf3, 0xe6, 0x67, 0x0a, 0xe9, 0xaf, 0xb6, 0xe5, 0x6c, 0x54, 0xc8, 0x4a, 0xdc, 0xf3,
    0xd1, 0x46, 0xbf, 0xc0, 0x0e, 0x00, 0x3a, 0x49, 0x2f, 0xb4, 0x2b, 0x00, 0x00, 0x00,
];

fn response(headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Response {
    let body = body.into();
    Response {
        status: 200,
        url: Url::parse("http://a.test/").unwrap(),
        headers: headers.iter().copied().collect(),
        content: Content::default(),
        beginning: Vec::new(),
        body_bytes: body.len() as u64,
        worth: crate::exchange::Worth::Content,
        body,
    }
}

/// The text of a body, or kind and reason of why there is none.
fn read(headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> String {
    match response(headers, body).text() {
        Ok(text) => text.into_owned(),
        Err(failure) => format!("{}: {}", failure.kind, failure.detail),
    }
}

fn in_charset(label: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    encoding.encode(text).0.into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// The program makes other bytes than the library, and a name stands in them.
#[test]
fn what_gzip_itself_made_is_read() {
    let headers = [
        ("content-type", "text/html; charset=ISO-8859-2"),
        ("content-encoding", "gzip"),
    ];
    assert_eq!(read(&headers, GZIPPED), PAGE);
}

#[test]
fn every_coding_is_undone_in_every_charset() {
    type Pack = fn(&[u8]) -> Vec<u8>;
    let codings: [(&str, Pack); 8] = [
        ("", |bytes| bytes.to_vec()),
        ("identity", |bytes| bytes.to_vec()),
        ("gzip", gzip),
        ("X-GZip", gzip),
        ("deflate", zlib),
        ("deflate", raw),
        // Compressed once more by something on the way.
        ("deflate, gzip", |bytes| gzip(&zlib(bytes))),
        (" gzip ,, identity , deflate", |bytes| raw(&gzip(bytes))),
    ];
    for (coding, pack) in codings {
        for charset in ["utf-8", "iso-8859-2", "latin2", "windows-1250", "utf-16le"] {
            let mut bytes = in_charset(charset, PAGE);
            if charset == "utf-16le" {
                bytes = PAGE.encode_utf16().flat_map(u16::to_le_bytes).collect();
            }
            let content_type = format!("text/html; charset=\"{charset}\"");
            let headers = [
                ("content-type", content_type.as_str()),
                ("content-encoding", coding),
            ];
            assert_eq!(read(&headers, pack(&bytes)), PAGE, "{coding} {charset}");
        }
    }
}

#[test]
fn codings_of_several_headers_and_members_of_several_files_follow_each_other() {
    let twice = [
        ("content-encoding", "deflate"),
        ("content-encoding", "gzip"),
    ];
    assert_eq!(read(&twice, gzip(&raw(b"twice"))), "twice");

    let gzipped = [("content-encoding", "gzip")];
    let two = [gzip(b"one, "), gzip(b"two")].concat();
    assert_eq!(read(&gzipped, two), "one, two");
    let padded = [gzip(b"one"), vec![0; 9]].concat();
    assert_eq!(read(&gzipped, padded), "one");
}

#[test]
#[rustfmt::skip]
fn what_cannot_be_decompressed_is_said() {
    let (gzipped, zlibbed, deflated) = (gzip(PAGE.as_bytes()), zlib(PAGE.as_bytes()), raw(PAGE.as_bytes()));
    let without_end = |bytes: &[u8], missing: usize| bytes[..bytes.len() - missing].to_vec();
    let with_other = |bytes: &[u8], from_end: usize| {
        let mut bytes = bytes.to_vec();
        let at = bytes.len() - from_end;
        bytes[at] ^= 0x55;
        bytes
    };
    let early = |coding: &str| format!("decompression: the body says it is {coding}, and ends too early");
    let broken = |coding: &str| format!("decompression: the body says it is {coding}, and its data are broken");
    let unread = |coding: &str| format!("decompression: the body says it is `{coding}`, which is not read; gzip and deflate are");
    let rows = [
        ("gzip",           without_end(&gzipped, 1),   early("gzip")),
        ("gzip",           without_end(&gzipped, 8),   early("gzip")),
        ("gzip",           without_end(&gzipped, 12),  early("gzip")),
        ("gzip",           gzipped[..5].to_vec(),      early("gzip")),
        ("gzip",           with_other(&gzipped, 1),    broken("gzip")),
        ("gzip",           with_other(&gzipped, 8),    broken("gzip")),
        ("gzip",           b"<p>not compressed".into(), broken("gzip")),
        ("deflate",        without_end(&zlibbed, 1),   early("deflate")),
        ("deflate",        with_other(&zlibbed, 1),    broken("deflate")),
        ("deflate",        without_end(&deflated, 1),  early("deflate")),
        ("deflate",        b"<p>not compressed".into(), broken("deflate")),
        ("br",             b"x".into(),                unread("br")),
        ("gzip, Zstd",     b"x".into(),                unread("zstd")),
        ("gzip, gzip, gzip, gzip, gzip", b"x".into(),  "decompression: the body says it is compressed 5 times over; up to 4 are read".to_owned()),
    ];
    for (coding, body, expected) in rows {
        assert_eq!(read(&[("content-encoding", coding)], body), expected, "{coding}");
    }
}

/// Answers to `HEAD`, and those of 304, have the header and no body.
#[test]
fn no_body_is_no_broken_body() {
    assert_eq!(read(&[("content-encoding", "gzip")], ""), "");
    assert_eq!(read(&[("content-encoding", "br")], ""), "");
}

#[test]
fn a_bomb_is_left_once_it_is_larger_than_what_is_kept() {
    let told = "body_too_large: decompressed, the body has more than 64 MiB, which is the most \
                that is kept to look at";
    let mebibyte = vec![b' '; 1 << 20];
    let kept = MAX_KEPT_BODY_BYTES >> 20;

    let gzipped = [("content-encoding", "gzip")];
    let member = gzip(&mebibyte);
    let fits = response(&gzipped, member.repeat(kept));
    assert_eq!(fits.content().unwrap().len(), MAX_KEPT_BODY_BYTES);
    let bomb = [member.repeat(kept), gzip(b" ")].concat();
    assert!(bomb.len() < 100_000, "{} bytes on the way", bomb.len());
    assert_eq!(read(&gzipped, bomb), told);

    // Blocks that end at a byte, and one that ends the stream.
    let mut block = DeflateEncoder::new(Vec::new(), Compression::best());
    block.write_all(&mebibyte).unwrap();
    block.flush().unwrap();
    let mut bomb = block.get_ref().repeat(kept);
    bomb.extend_from_slice(&raw(b" "));
    assert_eq!(read(&[("content-encoding", "deflate")], bomb), told);
}

#[test]
#[rustfmt::skip]
fn the_charset_is_what_browsers_take() {
    let polish = in_charset("iso-8859-2", "Łódź");
    let page = |head: &str| [head.as_bytes(), &polish].concat();
    let far = format!("{}<meta charset=latin2>", " ".repeat(1020));
    let rows: [(&str, Vec<u8>, &str); 22] = [
        // The header.
        ("text/html;charset=latin2",           polish.clone(),                            "Łódź"),
        ("TEXT/PLAIN; a=b; Charset=\"LATIN2\"", polish.clone(),                           "Łódź"),
        ("text/plain; charset=iso-8859-1",     b"\x80".to_vec(),                          "€"),
        ("text/html; charset=utf-8",           page("<meta charset=latin2>"),             "<meta charset=latin2>\u{fffd}\u{fffd}d\u{fffd}"),
        // A mark of byte order, which is no text.
        ("",                                   b"\xef\xbb\xbf\xc5\x81".to_vec(),          "Ł"),
        ("text/plain; charset=latin2",         b"\xef\xbb\xbf\xc5\x81".to_vec(),          "Ł"),
        ("text/plain",                         b"\xfe\xff\x01\x41".to_vec(),              "Ł"),
        ("text/plain",                         b"\xff\xfe\x41\x01".to_vec(),              "Ł"),
        // What the page says.
        ("text/html",                          page("<meta charset=latin2>"),             "<meta charset=latin2>Łódź"),
        ("text/html; charset=no-such",         page("<meta charset=latin2>"),             "<meta charset=latin2>Łódź"),
        ("",                                   page("<META\nCharset = 'Latin2' />"),      "<META\nCharset = 'Latin2' />Łódź"),
        ("application/xhtml+xml",              page("<meta name=a><meta charset=\"latin2\"/>"), "<meta name=a><meta charset=\"latin2\"/>Łódź"),
        ("text/html",                          page("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=latin2\">"), "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=latin2\">Łódź"),
        ("text/html",                          page("<!-- <meta charset=utf-16> --><meta charset=latin2>"), "<!-- <meta charset=utf-16> --><meta charset=latin2>Łódź"),
        ("text/html",                          b"<meta charset=utf-16>\xc5\x81".to_vec(), "<meta charset=utf-16>Ł"),
        ("text/html",                          b"<meta content='charset=latin2'>\xc5\x81".to_vec(), "<meta content='charset=latin2'>Ł"),
        ("text/html",                          b"<metal charset=latin2>\xc5\x81".to_vec(), "<metal charset=latin2>Ł"),
        ("text/plain",                         b"<meta charset=latin2>\xc5\x81".to_vec(), "<meta charset=latin2>Ł"),
        ("text/html",                          [far.as_bytes(), b"\xc5\x81"].concat(),    &format!("{far}Ł")),
        // Nothing says it, and what is broken.
        ("text/html",                          b"<meta charset=".to_vec(),                "<meta charset="),
        ("text/html",                          b"a\xffb\xc5".to_vec(),                    "a\u{fffd}b\u{fffd}"),
        ("application/json; charset=latin2",   b"\xc5\x81".to_vec(),                      "Ł"),
    ];
    for (content_type, body, text) in rows {
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(read(&[("content-type", content_type)], body), text, "{content_type} {shown}");
    }
}

#[test]
fn json_is_utf_8_whatever_a_header_says() {
    let body = b"\xef\xbb\xbf{\"a\": \"\xc5\x81\"}";
    let headers = [
        ("content-type", "application/json; charset=iso-8859-2"),
        ("content-encoding", "gzip"),
    ];
    let response = response(&headers, gzip(body));
    let decoded = json::decode(response.json_bytes().unwrap()).unwrap();
    assert_eq!(json::encode(&decoded), b"{\"a\":\"\xc5\x81\"}");
}

#[test]
fn a_body_is_decompressed_once() {
    let headers = [("content-encoding", "gzip")];
    let mut response = response(&headers, gzip(b"once"));
    assert_eq!(response.content().unwrap(), b"once");
    response.body = b"broken".to_vec();
    assert_eq!(response.content().unwrap(), b"once");
}

/// The beginning of a text is that of the whole, where it can be told without the rest.
#[test]
#[rustfmt::skip]
fn how_a_text_begins() {
    let rows: [(&str, &[u8], usize, Option<&str>); 8] = [
        ("utf-8",   "żółw".as_bytes(),                   2, Some("ż")),
        ("utf-8",   "żółw".as_bytes(),                   3, Some("ż")),
        ("unknown", "żółw".as_bytes(),                   4, Some("żó")),
        ("utf-8",   "żółw".as_bytes(),                   8, None),
        ("utf-8",   b"a\xffb",                           2, None),
        ("utf-8",   b"\xef\xbb\xbfabc",                  4, None),
        ("latin2",  b"abcdef",                           3, None),
        ("unknown", b"<meta charset=latin2>and so on",   3, None),
    ];
    for (charset, body, bytes, beginning) in rows {
        let content_type = format!("text/html; charset={charset}");
        let response = response(&[("content-type", &content_type)], body);
        assert_eq!(response.beginning_of_text(bytes), beginning, "{body:?}");
        if let Some(beginning) = beginning {
            assert!(response.text().unwrap().starts_with(beginning));
        }
    }
}
