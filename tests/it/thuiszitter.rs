//! Cases: opened, advanced, closed, reopened; who sees what of them.
