//! What it takes to find the first post's link on a page of the blog: with ten posts,
//! with a hundred, with a thousand; beside a parser that reads the whole page.
//!
//!     cargo bench --bench extract

#![allow(clippy::unwrap_used, reason = "a bench ends where it cannot go on")]

use divan::{Bencher, black_box};
use plan::{
    base::{
        pick::Pick,
        random::{Purpose, Stream},
    },
    exchange::{Content, Response, Worth},
    extract::{Extractor, IfMissing, Page, Pattern, Selector, Source},
};
use url::Url;

fn main() {
    divan::main();
}

const POSTS: [usize; 3] = [10, 100, 1_000];
const LINK: &str = r#"article.post a.action[href$="/update"]"#;

/// The index as the blog shows it to somebody who has written all of it.
fn index(posts: usize) -> String {
    let mut page = String::from(
        "<!doctype html>\n<title>Posts - Flaskr</title>\n\
         <link rel=\"stylesheet\" href=\"/static/style.css\">\n<nav>\n  <h1><a href=\"/\">Flaskr</a></h1>\n  \
         <ul>\n      <li><span>ada</span>\n      <li><a href=\"/auth/logout\">Log Out</a>\n  </ul>\n</nav>\n\
         <section class=\"content\">\n  <header>\n  <h1>Posts</h1>\n    \
         <a class=\"action\" href=\"/create\">New</a>\n  </header>\n",
    );
    for id in (1..=posts).rev() {
        page += &format!(
            "    <article class=\"post\">\n      <header>\n        <div>\n          <h1>Post {id}</h1>\n          \
             <div class=\"about\">by ada on 2026-11-22</div>\n        </div>\n          \
             <a class=\"action\" href=\"/{id}/update\">Edit</a>\n      </header>\n      \
             <p class=\"body\">With some words.</p>\n    </article>\n      <hr>\n"
        );
    }
    page + "</section>\n"
}

fn response(posts: usize) -> Response {
    let body = index(posts).into_bytes();
    Response {
        status: 200,
        url: Url::parse("http://127.0.0.1/").unwrap(),
        headers: [("content-type", "text/html; charset=utf-8")]
            .into_iter()
            .collect(),
        body_bytes: body.len() as u64,
        body,
        content: Content::default(),
        beginning: Vec::new(),
        worth: Worth::Content,
    }
}

fn extractor(pick: Pick) -> Extractor {
    Extractor {
        source: Source::Css {
            selector: Selector::new(LINK).unwrap(),
            attr: Some("href".into()),
        },
        regex: Some(Pattern::new(r"/(\d+)/").unwrap()),
        pick,
        if_missing: IfMissing::Fail,
    }
}

#[divan::bench(args = POSTS)]
fn first_match(bencher: Bencher<'_, '_>, posts: usize) {
    let (response, extractor) = (response(posts), extractor(Pick::First));
    let mut picks = Stream::of(1, 1, Purpose::Picks);
    bencher.bench_local(|| {
        let page = Page::new(black_box(&response));
        extractor.extract(&page, &mut picks).unwrap()
    });
}

#[divan::bench(args = POSTS)]
fn last_match(bencher: Bencher<'_, '_>, posts: usize) {
    let (response, extractor) = (response(posts), extractor(Pick::Last));
    let mut picks = Stream::of(1, 1, Purpose::Picks);
    bencher.bench_local(|| {
        let page = Page::new(black_box(&response));
        extractor.extract(&page, &mut picks).unwrap()
    });
}

/// The library beneath, as others use it.
#[divan::bench(args = POSTS)]
fn scraper_alone(bencher: Bencher<'_, '_>, posts: usize) {
    let body = index(posts);
    let selector = scraper::Selector::parse(LINK).unwrap();
    bencher.bench_local(|| {
        let page = scraper::Html::parse_document(black_box(&body));
        let link = page.select(&selector).next().unwrap();
        link.attr("href").map(str::to_owned)
    });
}
