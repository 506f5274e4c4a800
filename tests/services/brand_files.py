"""A file that has something of every kind."""

FULL = """\
version: 1
account:
  name: Acme
  brand: Acme Shoes
  time_zone: America/Chicago
  auto_close: 25 min
  alert_waiting: never
  default_skill: Support
  texts_from: 9:30
hours:
  Monday: 9:00-17:00
  Friday: 09:00-12:00, 13:00-02:00
  special_days:
    - day: 2026-12-25
      name: Christmas
      open: closed
    - {day: 2026-12-24, name: Christmas Eve, open: "10:00-14:00"}
skills:
  - name: Support
    priority: 5 min
    fallback_skill: Sales
    bot: Helper
    transfer_targets: listed
    transfer_skills: [Sales]
    hours:
      Sunday: 10:00-24:00
  - name: Sales
    response: 90 min
connectors:
  - name: Twilio
    provider: twilio
    credentials: to be given
    give_up: 2 h
lines:
  - number: +1 202 555 0101
    name: Shop
    connector: Twilio
    entry_skill: Support
    language: no
    countries: [CA, US]
    keywords:
      Buy: Sales
consent_words:
  stop: [Genug jetzt, Sayonara]
messages:
  - event: welcome
    language: en
    text: |
      Hello!
      This is {brand}.
  - event: welcome
    language: nb
    line: Shop
    text: Hei
    enabled: no
timers:
  - event: waiting_in_queue
    line: Shop
    delay: 5 min
    repeats: 2
surveys:
  - scale: thumbs
    timeout: 2 h
    once_per: 30 days
  - line: Shop
    enabled: off
away_reasons: [Lunch, 7.5, Training]
teams:
  - name: First line
    skills: [Support]
labels:
  - {name: Refund, colour: red}
closing_reasons:
  - name: Solved
  - name: Sold
    skills: [Sales]
consumer_fields:
  - name: Tier
    kind: choice
    choices: [Gold, Silver]
    placeholder: level
saved_replies:
  - name: thanks
    title: Thank you
    texts: {en: "Thank you!", de: Danke!}
    skills: [Support]
    actions:
      - {kind: label, label: Refund}
      - {kind: close, reason: Solved}
sources:
  - name: Poster
    line: Shop
    skill: Sales
    keyword: win
    first_text: I saw the poster
bots:
  - name: Helper
    mode: webhook
    url: https://bots.example/helper
    fallback_skill: Support
    disclosures: {en: I am no person.}
panels:
  - name: Orders
    template: https://orders.example/by/{number}
endpoints:
  - name: Warehouse
    url: https://warehouse.example/events
    kinds: [conversation_opened]
menus:
  - name: Main
    numbers: ["+12025550199"]
    line: Shop
    languages: [en, es]
    texts: {en: {offer: Press 1.}}
    keep_waiting: {kind: dial, to: "+12025550198"}
    look_back: 2 days
"""
SECRETS = {"Twilio": {"account_sid": "AC" + "1" * 32, "auth_token": "a secret of theirs"}}
