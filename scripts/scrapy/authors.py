"""Every author once, whatever number of quotes leads there: what spiders/authors.ts does."""
import scrapy


class AuthorsSpider(scrapy.Spider):
    name = "authors"

    def start_requests(self):
        yield scrapy.Request(self.base, dont_filter=True)

    def parse(self, response):
        yield from response.follow_all(css="small.author + a", callback=self.parse_author)
        yield from response.follow_all(css="li.next a")

    def parse_author(self, response):
        def text(query):
            return response.css(query + "::text").get("").strip()

        yield {
            "name": text(".author-title"),
            "bornDate": text(".author-born-date"),
            "bornLocation": text(".author-born-location"),
            "description": text(".author-description"),
        }
