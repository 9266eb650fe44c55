//! Two load tests as users of Goose write them: a plain GET, and the round of a visitor
//! of the blog that plan's demo serves.
//!
//!     PEER=get goose-peer --host http://127.0.0.1:8080 --users 64 --run-time 5s
//!     PEER=blog goose-peer --host http://127.0.0.1:8080 --users 16 --run-time 5s

use std::{
    env,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use goose::{goose::GooseResponse, prelude::*};
use scraper::{Html, Selector};

#[tokio::main]
async fn main() -> Result<(), GooseError> {
    let attack = GooseAttack::initialize()?;
    let scenario = match env::var("PEER").as_deref() {
        Ok("blog") => scenario!("Blog")
            .register_transaction(transaction!(register).set_on_start())
            .register_transaction(transaction!(round)),
        _ => scenario!("Get").register_transaction(transaction!(get)),
    };
    attack.register_scenario(scenario).execute().await?;
    Ok(())
}

async fn get(user: &mut GooseUser) -> TransactionResult {
    let response = user.get("/").await?;
    if let Ok(response) = response.response {
        // As the others, who read what is sent to them.
        let _ = response.bytes().await;
    }
    Ok(())
}

static VISITORS: AtomicU64 = AtomicU64::new(0);

async fn register(user: &mut GooseUser) -> TransactionResult {
    let name = format!("goose-{}", VISITORS.fetch_add(1, Ordering::Relaxed));
    let account = [("username", name.as_str()), ("password", "secret")];
    read(user.post_form("/auth/register", &account).await?).await;
    read(user.post_form("/auth/login", &account).await?).await;
    Ok(())
}

static OWN_POST: LazyLock<Selector> =
    LazyLock::new(|| Selector::parse(r#"article.post a.action[href$="/update"]"#).unwrap());

async fn round(user: &mut GooseUser) -> TransactionResult {
    read(user.get("/").await?).await;
    let post = [("title", "A post"), ("body", "With some words.")];
    let index = read(user.post_form("/create", &post).await?).await;
    let Some(id) = own_post(&index) else {
        eprintln!("the post is not on the page");
        return Ok(());
    };
    read(user.post_form(&format!("/{id}/delete"), &[("", "")][..0]).await?).await;
    read(user.get("/").await?).await;
    Ok(())
}

/// The number in the link that changes one's newest post.
fn own_post(page: &str) -> Option<String> {
    let page = Html::parse_document(page);
    let link = page.select(&OWN_POST).next()?.attr("href")?;
    Some(link.trim_start_matches('/').trim_end_matches("/update").to_owned())
}

async fn read(answer: GooseResponse) -> String {
    match answer.response {
        Ok(response) => response.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    }
}
