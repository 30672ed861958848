"""The Merkle tree of RFC 6962 section 2.1 over SHA-256: roots, proofs of inclusion and of consistency.

Everywhere `leaf_hashes` are the results of `leaf_hash`, in order of entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from youying.kernel.refusals import Refused

EMPTY_ROOT = hashlib.sha256().digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; the prefix keeps it from passing for an inner node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """All that is needed to append: the roots of the full subtrees, largest first; 32 bytes a set bit of `size`."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next entry."""
        merging = self.size
        while merging & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            merging >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add many, in order."""
        for leaf in leaf_hashes:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node_hash(peak, top)
        return top

    def to_bytes(self) -> bytes:
        """Serialise: size in 8 bytes, then the peaks."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """Read what `to_bytes` wrote; refused when the length does not fit the size."""
        size = int.from_bytes(stored[:8], "big")
        if len(stored) != 8 + HASH_SIZE * size.bit_count():
            raise Refused("frontier-damaged", say="留痕树的存档长度不对，已经损坏；请用 record verify 查明。")
        return cls(size, [stored[at : at + HASH_SIZE] for at in range(8, len(stored), HASH_SIZE)])


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over all of them."""
    frontier = Frontier()
    frontier.extend(leaf_hashes)
    return frontier.root()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index` (RFC 6962 2.1.1), nearest sibling first."""
    size, start = len(leaf_hashes), 0
    if not 0 <= index < size:
        raise Refused("leaf-unknown", say="这条留痕不在这棵树里。", have=index, need=size)
    path: list[bytes] = []
    while size > 1:
        half = _split(size)
        if index - start < half:
            path.append(root(leaf_hashes[start + half : start + size]))
            size = half
        else:
            path.append(root(leaf_hashes[start : start + half]))
            start, size = start + half, size - half
    return path[::-1]


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf stands at `index` of the tree of `size` leaves with this root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The proof that the first `old_size` leaves are the old tree (RFC 6962 2.1.2)."""
    if not 0 < old_size <= len(leaf_hashes):
        raise Refused("tree-size-unknown", say="没有这么大的旧树。", have=old_size, need=len(leaf_hashes))
    proof: list[bytes] = []
    start, size, known = 0, len(leaf_hashes), True
    while old_size - start != size:
        half = _split(size)
        if old_size - start <= half:
            proof.append(root(leaf_hashes[start + half : start + size]))
            size = half
        else:
            proof.append(root(leaf_hashes[start : start + half]))
            start, size, known = start + half, size - half, False
    if not known:
        proof.append(root(leaf_hashes[start : start + size]))
    return proof[::-1]


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the new tree only adds to the old one (RFC 9162 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    return _climb(path, node=node, last=last) == (old_root, new_root)


def _climb(path: Sequence[bytes], *, node: int, last: int) -> tuple[bytes, bytes] | None:
    """The old and the new root that a consistency path leads to, or nothing when it is too long or too short."""
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None
