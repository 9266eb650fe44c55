//! Runs a plan through the library, without the command line: six doors in a row.
//!
//! ```console
//! $ plan demo &
//! $ cargo run --example run_a_plan -- examples/first.yaml
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints"
)]

use std::{env, error::Error, num::NonZeroU32, path::PathBuf, process::ExitCode, sync::Arc};

use plan::{
    base::colour::Colour,
    engine::{self, Placement, Settings, Wires},
    exchange::mask::Secrets,
    graph,
    plan::{check, fingerprint, parse},
    protocol::{Protocol, http::Http},
    report::{self, Layout},
    source::{self, Diagnostics, FolderLoader, Sources, render_text},
    stats::OnSaturation,
};
use tokio::sync::{mpsc, watch};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = PathBuf::from(env::args().nth(1).ok_or("usage: run_a_plan PLAN")?);

    // From text to a graph. Mistakes are collected on the way, all of them.
    let mut sources = Sources::new(source::read(&path)?);
    let mut loader = FolderLoader::beside(&path);
    let mut found = Diagnostics::new();
    let mut print = String::new();
    let graph = parse(&mut sources, &mut loader, &mut found).and_then(|plan| {
        print = fingerprint(&plan, &sources);
        let checked = check(plan, &mut found);
        graph::compile(&checked, &sources, &mut loader, &mut found)
    });
    eprint!("{}", render_text(&sources, &found, Colour::Plain));
    let Some(graph) = graph else {
        return Ok(ExitCode::from(2));
    };

    // The wires to the outside: nobody stops this run, and nobody watches it.
    let (_stop, stops) = mpsc::channel(1);
    let (snapshots, _watch) = watch::channel(None);
    let settings = Settings {
        seed: 1,
        run_id: "example".into(),
        secrets: Secrets::default(),
        workers: NonZeroU32::MIN,
        placement: Placement::Threads,
        wait_scale: 1.0,
        fingerprint: print,
        options: Vec::new(),
        version: "example".to_owned(),
        on_saturation: OnSaturation::Inconclusive,
    };
    let protocol = Protocol::Http(Http::new(graph.wires()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let record = runtime.block_on(engine::run(
        Arc::new(graph),
        protocol,
        settings,
        Wires {
            stops,
            snapshots,
            witness: None,
            keeper: None,
        },
    ))?;

    let page = Layout {
        width: 120,
        colour: Colour::Plain,
    };
    print!("{}", report::render(&record, page));
    Ok(ExitCode::from(record.conclusion().exit))
}
