//! As whom a request asks: merged, compiled, and written into its header.

use std::sync::Arc;

use url::Url;

use super::reader::{LeafReader, Uses};
use crate::{
    exchange::{HeaderText, basic_auth},
    plan::ast::{self, Text},
    source::Spanned,
    template::{Escape, RenderError, Scope, Template},
};

/// The header that says who asks.
const HEADER: &str = "authorization";

/// As whom a request asks.
#[derive(Debug)]
pub struct Auth {
    pub credentials: Credentials,
    pub reach: Reach,
}

/// What says who asks.
#[derive(Debug)]
pub enum Credentials {
    Basic { user: Template, password: Template },
    Bearer(Template),
}

/// Where credentials may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Wherever the request goes that has them.
    Anywhere,
    /// To the target: they are a default, and other servers are none of its business.
    Target,
}

/// What the levels of a plan say of `auth`, from the request outwards.
pub(super) type Levels<'a> = [(Option<&'a Spanned<ast::Auth>>, &'a [(Text, Text)]); 3];

/// How many levels of headers may say who asks: those nearer than the nearest `auth`.
pub(super) fn headers_that_count(levels: Levels<'_>) -> usize {
    let auth = levels.iter().position(|(auth, _)| auth.is_some());
    auth.unwrap_or(levels.len())
}

/// Whether a header says who asks.
pub(super) fn is_auth(header: &str) -> bool {
    header.eq_ignore_ascii_case(HEADER)
}

impl Auth {
    /// The nearest that is said, unless a header nearer than that says it.
    pub(super) fn compile(
        levels: Levels<'_>,
        reader: &mut LeafReader<'_>,
        uses: &mut Uses,
    ) -> Option<Option<Auth>> {
        let count = headers_that_count(levels);
        let mut nearer = levels[..count].iter().flat_map(|(_, headers)| *headers);
        let (Some((Some(auth), _)), false) =
            (levels.get(count), nearer.any(|(name, _)| is_auth(name)))
        else {
            return Some(None);
        };
        let mut template = |text| reader.template(text, Escape::None, &mut uses.reads);
        let credentials = match &auth.value {
            ast::Auth::None => return Some(None),
            ast::Auth::Basic { user, password } => {
                let (user, password) = (template(user), template(password));
                Credentials::Basic {
                    user: user?,
                    password: password?,
                }
            }
            ast::Auth::Bearer(token) => Credentials::Bearer(template(token)?),
        };
        let reach = match count {
            0 => Reach::Anywhere,
            _ => Reach::Target,
        };
        Some(Some(Auth { credentials, reach }))
    }

    /// Whether nothing in it depends on the user.
    pub(super) fn is_literal(&self) -> bool {
        match &self.credentials {
            Credentials::Basic { user, password } => {
                user.literal().is_some() && password.literal().is_some()
            }
            Credentials::Bearer(token) => token.literal().is_some(),
        }
    }

    /// The header that says it to a server, if it may know.
    ///
    /// # Errors
    ///
    /// [`RenderError`] if a template cannot be rendered, or makes no header.
    pub(super) fn header(
        &self,
        url: &Url,
        target: &Url,
        scope: &mut dyn Scope,
    ) -> Result<Option<(Arc<str>, HeaderText)>, RenderError> {
        if self.reach == Reach::Target && url.origin() != target.origin() {
            return Ok(None);
        }
        let mut rendered = |template: &Template| {
            let mut text = String::new();
            template.render(scope, &mut text).map(|()| text)
        };
        let value = match &self.credentials {
            Credentials::Basic { user, password } => {
                let (user, password) = (rendered(user)?, rendered(password)?);
                if user.contains(':') {
                    return Err(RenderError {
                        message: "`auth`: the name of a user cannot hold `:`".to_owned(),
                    });
                }
                basic_auth(&user, &password)
            }
            Credentials::Bearer(token) => format!("Bearer {}", rendered(token)?),
        };
        let value = HeaderText::new(value).map_err(|why| RenderError {
            message: format!("`auth`: {why}"),
        })?;
        Ok(Some((HEADER.into(), value)))
    }
}
