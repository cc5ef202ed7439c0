//! Where there are several NUMA nodes: which buffer lies on which, and which thread runs where.

use std::fs;
use std::path::Path;

/// A node and its processors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub number: u32,
    pub processors: Vec<usize>,
}

/// Who goes where. Empty lists leave it to the kernel, as on a machine of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Node of each buffer.
    pub buffers: Vec<u32>,
    /// Processors of each generating thread.
    pub threads: Vec<Vec<usize>>,
}

/// The nodes of this machine that have processors, by number.
pub(crate) fn nodes() -> Vec<Node> {
    nodes_below(Path::new("/sys/devices/system/node"))
}

fn nodes_below(folder: &Path) -> Vec<Node> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut nodes: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("node")?.parse().ok()?;
            let processors = listed(fs::read_to_string(entry.path().join("cpulist")).ok()?.trim())?;
            (!processors.is_empty()).then_some(Node { number, processors })
        })
        .collect();
    nodes.sort_by_key(|node| node.number);
    nodes
}

/// `0-3,8` is 0, 1, 2, 3 and 8; `None` for what is no such list.
fn listed(text: &str) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for range in text.split(',').filter(|range| !range.is_empty()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        numbers.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(numbers)
}

/// Buffers and threads take turns among the nodes, so that thread t fills buffers of its own node: buffer b goes to thread
/// b modulo the threads.
pub(crate) fn plan(nodes: &[Node], buffers: usize, threads: usize) -> Plan {
    if nodes.len() < 2 {
        return Plan::default();
    }
    let node_of_thread = |thread: usize| &nodes[thread % nodes.len()];
    Plan {
        buffers: (0..buffers).map(|buffer| node_of_thread(buffer % threads).number).collect(),
        threads: (0..threads).map(|thread| node_of_thread(thread).processors.clone()).collect(),
    }
}

/// Keeps the calling thread on these processors; on all, where there are none. That it is refused costs speed only.
pub(crate) fn run_on(processors: &[usize]) {
    if processors.is_empty() {
        return;
    }
    // SAFETY: all zeros is an empty set; numbers beyond the set's size are left out; 0 is the calling thread.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        for processor in processors.iter().filter(|processor| **processor < libc::CPU_SETSIZE as usize) {
            libc::CPU_SET(*processor, &mut set);
        }
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set);
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Plan, listed, nodes_below, plan};
    use std::fs;

    fn node(number: u32, processors: &[usize]) -> Node {
        Node { number, processors: processors.to_vec() }
    }

    #[test]
    fn lists_of_processors_are_read() {
        assert_eq!(listed("0-3,8"), Some(vec![0, 1, 2, 3, 8]));
        assert_eq!(listed(""), Some(vec![]));
        assert_eq!(listed("0-x"), None);
    }

    #[test]
    fn nodes_without_processors_are_left_out() {
        let folder = std::env::temp_dir().join(format!("writeproof-raw-nodes-{}", std::process::id()));
        for (name, list) in [("node1", "2-3\n"), ("node0", "0-1\n"), ("node2", "\n"), ("power", "1\n")] {
            fs::create_dir_all(folder.join(name)).expect("a new folder");
            fs::write(folder.join(name).join("cpulist"), list).expect("a new file");
        }
        let found = nodes_below(&folder);
        fs::remove_dir_all(&folder).expect("removable");
        assert_eq!(found, [node(0, &[0, 1]), node(1, &[2, 3])]);
        assert_eq!(nodes_below(&folder), []);
    }

    #[test]
    fn one_node_needs_no_plan() {
        assert_eq!(plan(&[node(0, &[0, 1])], 8, 2), Plan::default());
    }

    #[test]
    fn a_thread_fills_buffers_of_its_own_node() {
        let plan = plan(&[node(0, &[0, 1]), node(3, &[2])], 5, 2);
        assert_eq!(plan, Plan { buffers: vec![0, 3, 0, 3, 0], threads: vec![vec![0, 1], vec![2]] });
        let uneven = super::plan(&[node(0, &[0]), node(1, &[1])], 3, 3);
        assert_eq!((uneven.buffers, uneven.threads), (vec![0, 1, 0], vec![vec![0], vec![1], vec![0]]));
    }
}
