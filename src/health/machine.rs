//! Which machine makes the load.

use std::{env::consts, thread};

use super::system::text;
use crate::stats::Machine;

/// Asks the system which machine this is.
pub fn machine() -> Machine {
    let line = |path| text(path).map(|text: String| text.trim().to_owned());
    let memory = text("/proc/meminfo").and_then(|text| value(&text, "MemTotal")?.parse().ok());
    let cores = thread::available_parallelism().ok();
    Machine {
        host: line("/proc/sys/kernel/hostname"),
        system: consts::OS.to_owned(),
        kernel: line("/proc/sys/kernel/osrelease"),
        architecture: consts::ARCH.to_owned(),
        processor: text("/proc/cpuinfo").and_then(|text| processor(&text)),
        cores: cores.and_then(|cores| u32::try_from(cores.get()).ok()),
        memory_bytes: memory.map(|kib: u64| kib << 10),
    }
}

/// The first word of a line `name: value`.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(known, _)| known.trim() == name)?;
    value.split_whitespace().next()
}

fn processor(text: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, model) = lines.find(|(name, _)| name.trim() == "model name")?;
    Some(model.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_whole_name() {
        let text = "SwapMemTotal: 7 kB\nMemTotal:       16384 kB\n";
        assert_eq!(value(text, "MemTotal"), Some("16384"));
        assert_eq!(value(text, "Mem"), None);
        let cpu = "processor\t: 0\nmodel name\t: A Processor @ 2.1GHz\n";
        assert_eq!(processor(cpu).as_deref(), Some("A Processor @ 2.1GHz"));
        assert_eq!(processor("processor: 0"), None);
    }
}
