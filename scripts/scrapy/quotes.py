"""Every quote, page by page: what spiders/quotes.ts does."""
import scrapy


class QuotesSpider(scrapy.Spider):
    name = "quotes"

    def start_requests(self):
        yield scrapy.Request(self.base, dont_filter=True)

    def parse(self, response):
        for quote in response.css("div.quote"):
            yield {
                "text": quote.css("span.text::text").get(""),
                "author": quote.css("small.author::text").get(""),
                "tags": quote.css("div.tags a.tag::text").getall(),
            }
        yield from response.follow_all(css="li.next a")
