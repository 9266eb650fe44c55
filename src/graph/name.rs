//! The name under which a request is counted, when the plan gives none.

use url::Url;

use crate::base::method::Method;

/// Makes a name from the outline of a URL, in which variables stand as `{post_id}`.
///
/// Method and path as written; the query never, since its values would make
/// thousands of names; the host only where it is not the target's.
pub(super) fn derive(method: Method, outline: &str, target: Option<&Url>) -> String {
    let without_query = &outline[..outline.find(['?', '#']).unwrap_or(outline.len())];
    let place = match split_origin(without_query) {
        None if is_one_expression(without_query) => "{url}",
        None => without_query,
        Some((origin, path)) => {
            let path = if path.is_empty() { "/" } else { path };
            let same = target.is_some_and(|target| {
                Url::parse(origin).is_ok_and(|origin| origin.origin() == target.origin())
            });
            if same {
                path
            } else {
                let host = &origin[origin.find("//").map_or(0, |at| at + 2)..];
                let host = &host[host.rfind('@').map_or(0, |at| at + 1)..];
                return format!("{method} {host}{path}");
            }
        }
    };
    format!("{method} {place}")
}

/// `http://host:port` and what follows it.
fn split_origin(url: &str) -> Option<(&str, &str)> {
    let host = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let length = url.len() - host.len() + host.find('/').unwrap_or(host.len());
    Some(url.split_at(length))
}

fn is_one_expression(outline: &str) -> bool {
    outline.starts_with('{') && outline.find('}') == Some(outline.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn names_are_method_and_path_as_written() {
        let target = Url::parse("http://127.0.0.1:5000").unwrap();
        let rows = [
            ("/",                                    "GET /"),
            ("/{post_id}/update",                    "GET /{post_id}/update"),
            ("/search?q={word}",                     "GET /search"),
            ("/a#b",                                 "GET /a"),
            ("{link}",                               "GET {url}"),
            ("{…}",                                  "GET {url}"),
            ("{base}/x",                             "GET {base}/x"),
            ("http://127.0.0.1:5000/login",          "GET /login"),
            ("http://127.0.0.1:5001/login",          "GET 127.0.0.1:5001/login"),
            ("https://user:secret@cdn.example/a.js", "GET cdn.example/a.js"),
            ("https://cdn.example",                  "GET cdn.example/"),
        ];
        for (outline, name) in rows {
            assert_eq!(derive(Method::Get, outline, Some(&target)), name, "{outline}");
        }
    }
}
