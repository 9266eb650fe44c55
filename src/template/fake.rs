//! Made-up people, places and texts: functions on top of a library of such things.
//!
//! All of it comes out of the user's stream, so the same user of the same seed
//! makes up the same people. It is English: a name from a list of names.

use fake::{
    Fake,
    faker::{
        address::en::{
            BuildingNumber, CityName, CountryCode, CountryName, PostCode, StateName, StreetName,
        },
        company::en::CompanyName,
        job::en::Title,
        lorem::en::{Paragraph, Sentence, Word, Words},
        name::en::{FirstName, LastName},
        phone_number::en::PhoneNumber,
    },
};
use jiff::{ToSpan as _, civil::Date};
use minijinja::{Environment, Error};

use super::functions::{draw, refusal};
use crate::base::random::Stream;

/// The most words that `words` makes.
const MAX_WORDS: usize = 10_000;

/// The most paragraphs that `paragraphs` makes.
const MAX_PARAGRAPHS: usize = 1_000;

/// Makes the functions known to an engine.
pub(super) fn add_to(environment: &mut Environment<'_>) {
    environment.add_function("first_name", || draw(first_name));
    environment.add_function("last_name", || draw(last_name));
    environment.add_function("full_name", || {
        draw(|stream| format!("{} {}", first_name(stream), last_name(stream)))
    });
    environment.add_function("user_name", || draw(user_name));
    environment.add_function("email", || draw(email));
    environment.add_function("phone", || draw(|stream| text(&PhoneNumber(), stream)));
    environment.add_function("street", || draw(street));
    environment.add_function("city", || draw(|stream| text(&CityName(), stream)));
    environment.add_function("postcode", || draw(|stream| text(&PostCode(), stream)));
    environment.add_function("country", || draw(|stream| text(&CountryName(), stream)));
    environment.add_function("state", || draw(|stream| text(&StateName(), stream)));
    environment.add_function("country_code", || {
        draw(|stream| text(&CountryCode(), stream))
    });
    environment.add_function("job", || draw(|stream| text(&Title(), stream)));
    environment.add_function("date", date);
    environment.add_function("paragraphs", paragraphs);
    environment.add_function("company", || draw(|stream| text(&CompanyName(), stream)));
    environment.add_function("word", || draw(|stream| text(&Word(), stream)));
    environment.add_function("words", words);
    environment.add_function("sentence", || draw(|stream| text(&Sentence(5..12), stream)));
    environment.add_function("paragraph", || {
        draw(|stream| text(&Paragraph(3..6), stream))
    });
}

fn text<T>(kind: &T, stream: &mut Stream) -> String
where
    String: fake::Dummy<T>,
{
    kind.fake_with_rng(stream.source())
}

fn first_name(stream: &mut Stream) -> String {
    text(&FirstName(), stream)
}

fn last_name(stream: &mut Stream) -> String {
    text(&LastName(), stream)
}

/// Two users may still share one: a number of four digits makes that rare.
fn user_name(stream: &mut Stream) -> String {
    let plain = |name: String| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    let first = plain(first_name(stream));
    let last = plain(last_name(stream));
    format!("{first}_{last}{}", stream.up_to(9_999))
}

/// At a domain that is kept for examples: nobody gets mail from a load test.
fn email(stream: &mut Stream) -> String {
    format!("{}@example.com", user_name(stream))
}

fn street(stream: &mut Stream) -> String {
    let number = text(&BuildingNumber(), stream);
    format!("{number} {}", text(&StreetName(), stream))
}

fn words(count: usize) -> Result<String, Error> {
    if count > MAX_WORDS {
        return Err(refusal(format!(
            "words({count}) are too many; at most {MAX_WORDS}"
        )));
    }
    let words: Vec<String> = draw(|stream| Words(count..count + 1).fake_with_rng(stream.source()));
    Ok(words.join(" "))
}

/// With an empty line between them.
fn paragraphs(count: usize) -> Result<String, Error> {
    if count > MAX_PARAGRAPHS {
        return Err(refusal(format!(
            "paragraphs({count}) are too many; at most {MAX_PARAGRAPHS}"
        )));
    }
    let made = (0..count).map(|_| draw(|stream| text(&Paragraph(3..6), stream)));
    Ok(made.collect::<Vec<_>>().join("\n\n"))
}

/// A day from one to another, both included, each equally likely.
fn date(first: &str, last: &str) -> Result<String, Error> {
    let day = |text: &str| {
        text.parse::<Date>().map_err(|_| {
            refusal(format!(
                "date(\"{first}\", \"{last}\"): `{text}` is no date; write it as 2026-12-31"
            ))
        })
    };
    let (from, to) = (day(first)?, day(last)?);
    let days = from.duration_until(to).as_hours() / 24;
    let days = u64::try_from(days).map_err(|_| {
        refusal(format!(
            "date(\"{first}\", \"{last}\") has no day to choose: the earlier one comes first"
        ))
    })?;
    let after = draw(|stream| stream.up_to(days));
    let after = i64::try_from(after).expect("the calendar has fewer days");
    let day = from.saturating_add(after.days());
    Ok(day.to_string())
}
