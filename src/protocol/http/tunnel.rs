//! A connection to a server through a proxy (RFC 9110, section 9.3.6).

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::{Position, Url};

use super::{
    failure::{self, Stage},
    head::{self, Found},
    write,
};
use crate::{
    base::{connecting::Proxy, method::Method},
    exchange::{Failure, FailureKind},
};

/// Asks a proxy to pass on everything that follows to the host of a URL.
///
/// # Errors
///
/// If it will not, or breaks off; both are told of the proxy.
pub(super) async fn through(
    mut stream: TcpStream,
    proxy: &Proxy,
    url: &Url,
) -> Result<TcpStream, Failure> {
    let broken = |why| failure::of_io(&why, Stage::Head, proxy.url());
    let asked = request(proxy, url);
    stream.write_all(asked.as_bytes()).await.map_err(broken)?;

    let mut there = Vec::new();
    loop {
        // Nothing that has to be read follows the head of an answer to CONNECT.
        match head::find(&there, 0, Method::Head) {
            Ok(Found::Answer(head, _)) if !(200..300).contains(&head.status) => {
                return Err(refused(proxy, &format!("answered {}", head.status)));
            }
            Ok(Found::Answer(_, size)) if size < there.len() => {
                return Err(refused(proxy, "said more than that there is one"));
            }
            Ok(Found::Answer(..)) => return Ok(stream),
            Ok(Found::Interim(size)) => drop(there.drain(..size)),
            Ok(Found::Part) => {
                if stream.read_buf(&mut there).await.map_err(broken)? == 0 {
                    return Err(refused(proxy, "closed the connection"));
                }
            }
            Err(_) => return Err(refused(proxy, "answered what is not HTTP")),
        }
    }
}

fn request(proxy: &Proxy, url: &Url) -> String {
    let host = &url[Position::BeforeHost..Position::AfterHost];
    let port = url.port_or_known_default().unwrap_or(443);
    let mut request = format!(
        "CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\nuser-agent: {}\r\n",
        write::USER_AGENT
    );
    if let Some(credentials) = write::credentials(proxy.url()) {
        request.push_str(&format!("proxy-authorization: {credentials}\r\n"));
    }
    request.push_str("\r\n");
    request
}

fn refused(proxy: &Proxy, what: &str) -> Failure {
    let place = failure::place(proxy.url());
    Failure::new(
        FailureKind::Proxy,
        format!("the proxy {place}, asked for a tunnel, {what}"),
    )
}
