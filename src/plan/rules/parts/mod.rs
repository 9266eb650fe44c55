//! Templates, patterns, files and names that cannot be compiled: codes that begin with `P02`.

mod data;
mod header;
mod lacking_column;
mod no_page;
mod pattern;
mod template;
mod threshold_name;
mod tls;
mod too_large;
mod url;

family! {
    TEMPLATE = template,
    PATTERN = pattern,
    URL = url,
    HEADER = header,
    DATA = data,
    THRESHOLD_NAME = threshold_name,
    TOO_LARGE = too_large,
    TLS = tls,
    NO_PAGE = no_page,
    LACKING_COLUMN = lacking_column,
}
