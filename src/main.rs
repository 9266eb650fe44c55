//! The program `plan`: builds the outside world, calls the library, exits.

use std::{env, process};

use plan::cli::{self, Context};

fn main() -> process::ExitCode {
    let mut ctx = Context::of_process();
    cli::run(env::args_os(), &mut ctx).into()
}
