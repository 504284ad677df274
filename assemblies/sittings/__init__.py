"""Sittings: their calendar, convocation, quorum, proxies, attendance and the planning of dates."""
