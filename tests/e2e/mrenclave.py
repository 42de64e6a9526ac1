#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Who is this enclave? A second opinion, made from the format alone.

usage: mrenclave.py build/enclave.signed

Computes MRENCLAVE from the page runs and MRSIGNER from the signing key, checks the signature, and
prints both as "mrenclave HEX" and "mrsigner HEX". Shares no code with the signer and the launcher:
only hashlib, and pow() for RSA. Exit code 1, with the reason on stderr, if anything is wrong.
"""
import hashlib
import struct
import sys

PAGE = 4096
CHUNK = 256
HEADER = struct.Struct("<8sIIQQII24x")  # magic version runs enclave_size file_size ssa tcs
RUN = struct.Struct("<QQQQIIQ")  # offset page_count stride secinfo measure reserved file_offset
SIGSTRUCT_SIZE = 1808
MAX_RUNS = 40
SIG_HEADER = bytes.fromhex("06000000e10000000000010000000000")
SIG_HEADER2 = bytes.fromhex("01010000600000006000000001000000")
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class Wrong(Exception):
    """The file is not an enclave that a CPU would start."""


def need(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def record(tag, *fields):
    """One 64-byte measurement record: the tag, then (format, value) pairs, then zeros."""
    body = b"".join(struct.pack("<" + kind, value) for kind, value in fields)
    return (tag.ljust(8, b"\0") + body).ljust(64, b"\0")


def runs_of(data, count):
    need(0 < count <= MAX_RUNS, "the number of runs is out of range")
    start = HEADER.size + SIGSTRUCT_SIZE
    for i in range(count):
        run = RUN.unpack_from(data, start + i * RUN.size)
        need(run[4] in (0, 1) and run[5] == 0, f"run {i} has unknown flags")
        yield run
    used = start + count * RUN.size
    need(not any(data[used:PAGE]), "the rest of the header page is not zero")


def page_content(data, file_offset, index):
    if file_offset == 0:
        return bytes(PAGE)
    at = file_offset + index * PAGE
    need(at % PAGE == 0 and PAGE <= at <= len(data) - PAGE, "a page lies outside of the file")
    return data[at:at + PAGE]


def mrenclave(data):
    magic, version, count, enclave_size, file_size, ssa, _ = HEADER.unpack_from(data)
    need(magic == b"OCLMENC1" and version == 1, "not an enclave file of version 1")
    need(file_size == len(data), "the file size is not the one announced")
    digest = hashlib.sha256(record(b"ECREATE", ("I", ssa), ("Q", enclave_size)))
    for offset, pages, stride, secinfo, measure, _, file_offset in runs_of(data, count):
        for i in range(pages):
            at = offset + i * stride
            digest.update(record(b"EADD", ("Q", at), ("Q", secinfo)))
            content = page_content(data, file_offset, i) if measure else b""
            for chunk in range(0, len(content), CHUNK):
                digest.update(record(b"EEXTEND", ("Q", at + chunk)))
                digest.update(content[chunk:chunk + CHUNK])
    return digest.digest()


def check_signature(sig):
    need(sig[:16] == SIG_HEADER and sig[24:40] == SIG_HEADER2, "no SGX signature")
    number = lambda at: int.from_bytes(sig[at:at + 384], "little")
    modulus, signature, q1, q2 = number(128), number(516), number(1040), number(1424)
    need(struct.unpack_from("<I", sig, 512)[0] == 3, "the exponent is not 3")
    need(signature < modulus, "the signature is not below the modulus")
    digest = hashlib.sha256(sig[:128] + sig[900:1028]).digest()
    encoded = b"\0\1" + b"\xff" * (384 - 3 - len(DIGEST_INFO) - 32) + b"\0" + DIGEST_INFO + digest
    need(pow(signature, 3, modulus) == int.from_bytes(encoded, "big"), "the signature is not valid")
    need(q1 == signature ** 2 // modulus, "q1 is not the first quotient")
    need(q2 == signature * (signature ** 2 % modulus) // modulus, "q2 is not the second quotient")


def identify(data):
    need(len(data) >= PAGE, "too short for an enclave file")
    sig = data[HEADER.size:HEADER.size + SIGSTRUCT_SIZE]
    measured = mrenclave(data)
    check_signature(sig)
    need(sig[960:992] == measured, "the measurement is not the signed one")
    return measured, hashlib.sha256(sig[128:512]).digest()


def main(args):
    if len(args) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    with open(args[1], "rb") as file:
        data = file.read()
    try:
        enclave, signer = identify(data)
    except Wrong as wrong:
        sys.exit(f"{args[1]}: {wrong}")
    print("mrenclave", enclave.hex())
    print("mrsigner", signer.hex())


if __name__ == "__main__":
    main(sys.argv)
