//! Addresses, as they may be shown.

use url::Url;

/// The address without user and password: whoever writes them into a plan's target
/// does not want them on a terminal, in a report or in a summary.
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.username().is_empty() || url.password().is_some() {
        url.set_username("")
            .and_then(|()| url.set_password(None))
            .expect("an address with a user can be one without");
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_users_and_passwords_and_all_of_the_rest() {
        for (address, shown) in [
            ("http://ann:secret@h:8080/a?b=c#d", "http://h:8080/a?b=c#d"),
            ("https://ann@[::1]/", "https://[::1]/"),
            ("http://:secret@h/", "http://h/"),
            ("http://h/ann:secret@", "http://h/ann:secret@"),
            ("data:ann@h", "data:ann@h"),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(without_credentials(&url).as_str(), shown);
        }
    }
}
